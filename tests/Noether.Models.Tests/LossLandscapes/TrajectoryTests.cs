using Noether.Models.LossLandscapes;
using Noether.Nn;

namespace Noether.Models.Tests.LossLandscapes;

public sealed class TrajectoryTests
{
    private static readonly Parameters[] Checkpoints = [.. RandomKey.From(1).Split(6).Select(static (key, i) => Parameters.Of(
        ("w", key.Normal([4, 3], type: DType.Float64) + i * 2.0), ("b", key.Fold(1).Normal([3], type: DType.Float64))))];

    [Test]
    public void The_plane_holds_the_principal_components_of_the_centred_path()
    {
        var path = new Trajectory(Checkpoints);
        var plane = path.Plane();
        var matrix = path.ToMatrix();
        var (_, s, vt) = LinearAlgebra.Svd(matrix - matrix.Mean(0, keepAxis: true));
        var share = s.Square() / s.Square().Sum();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(plane.SingularValues, Is.EqualTo(s.ToArray<double>().Take(2)).Within(1e-10));
            Assert.That(plane.ExplainedRatio, Is.EqualTo(share.ToArray<double>().Take(2)).Within(1e-12));
            Assert.That(Math.Abs((plane.First.ToVector() * vt[0]).Sum().Item()), Is.EqualTo(1).Within(1e-12));
            Assert.That(Math.Abs((plane.Second.ToVector() * vt[1]).Sum().Item()), Is.EqualTo(1).Within(1e-12));
            Assert.That(path.Space.Dot(plane.First, plane.Second), Is.Zero.Within(1e-12));
        }
    }

    [Test]
    public void Coordinates_of_a_path_within_a_plane_rebuild_it_for_any_two_directions()
    {
        Parameters x = Checkpoints[0], y = Checkpoints[1] * 3, end = Checkpoints[2];
        double[,] steps = { { 1, 2 }, { -0.5, 0.3 }, { 0.2, -4 }, { 0, 0 } };
        Parameters[] path = [.. Enumerable.Range(0, 4).Select(i => end + x * steps[i, 0] + y * steps[i, 1])];
        var found = new Trajectory(path).Coordinates(x, y);
        Assert.That((found - Tensor.From(steps)).Abs().Max().Item(), Is.LessThan(1e-11));
        Assert.That((new Trajectory(path).Lengths(x, y) - Tensor.From(steps)).Abs().Max().Item(), Is.GreaterThan(0.1), "lengths are no coordinates");
    }

    [Test]
    public void Tensors_that_take_no_part_do_not_count()
    {
        var path = new Trajectory(Checkpoints, static name => name == "w");
        Assert.That(path.Plane().First.Names, Is.EqualTo(["w"]));
    }

    [Test]
    public void A_straight_path_has_no_plane()
    {
        Parameters[] line = [.. Enumerable.Range(0, 4).Select(i => Checkpoints[0] * (double)i)];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => new Trajectory(line).Plane(), Throws.TypeOf<NumericsException>().With.Message.Contains("on a line"));
            Assert.That(() => new Trajectory(line[..2]), Throws.ArgumentException.With.Message.Contains("three checkpoints, not 2"));
        }
    }
}
