namespace Noether.Tests.Tensors;

public class LayoutTests
{
    [Test]
    public void A_repeated_axis_joins_no_other_but_itself()
    {
        var repeated = Layout.Contiguous([4, 1]).BroadcastTo([4, 2]);
        Assert.That(repeated.Reshape([8]), Is.Null);
        Assert.That(repeated.Reshape([2, 2, 2])!.Strides.ToArray(), Is.EqualTo([2L, 1, 0]));
        Assert.That(Layout.Contiguous([1, 1]).BroadcastTo([2, 3]).Reshape([6])!.Strides.ToArray(), Is.EqualTo([0L]));
    }

    [Test]
    public void Reversed_axes_join_only_if_both_are_reversed()
    {
        var x = Layout.Contiguous([2, 3]);
        Assert.That(x.Slice([0, 2], [1, -1], [2, 3]).Reshape([6]), Is.Null);
        Assert.That(x.Slice([1, 2], [-1, -1], [2, 3]).Reshape([6])!.Strides.ToArray(), Is.EqualTo([-1L]));
    }
}
