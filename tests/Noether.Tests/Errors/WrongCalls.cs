namespace Noether.Tests.Errors;

/// <summary>Every public operation refuses wrong operands at the call that builds it, and says which operation and which shapes.</summary>
public sealed class WrongCalls
{
    private static IReadOnlyList<WrongCall> Table =>
        [.. ElementwiseCalls.Table, .. ReductionCalls.Table, .. ShapeCalls.Table, .. ContractionCalls.Table, .. RoomCalls.Table, .. TransformCalls.Table];

    [Test]
    public void Every_operation_has_a_wrong_call_or_a_reason_why_it_has_none()
    {
        var wrong = Table.Select(call => call.Operation).ToHashSet();
        var all = Operations.All;
        Assert.Multiple(() =>
        {
            Assert.That(all.Where(operation => !wrong.Contains(operation) && !TotalOperations.Reasons.ContainsKey(operation)), Is.Empty, "without an entry");
            Assert.That(wrong.Intersect(TotalOperations.Reasons.Keys), Is.Empty, "called total, yet with a wrong call");
            Assert.That(wrong.Concat(TotalOperations.Reasons.Keys).Except(all), Is.Empty, "entries of no operation");
        });
    }

    [TestCaseSource(nameof(Table))]
    public void A_wrong_call_throws_where_it_builds_and_names_operation_and_shapes(object entry)
    {
        var wrong = (WrongCall)entry;
        var error = Assert.Throws(wrong.Error, () => wrong.Call());
        Assert.That(error!.Message, Does.StartWith($"{wrong.Named}: "));
        foreach (var shape in wrong.Shapes) Assert.That(error.Message, Does.Contain(shape));
        foreach (var operand in Operands.All) Assert.That(operand.View, Is.Null, "the call has evaluated an operand");
    }
}
