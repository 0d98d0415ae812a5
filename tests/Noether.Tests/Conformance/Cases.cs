using System.Reflection;
using Noether.Primitives;

namespace Noether.Tests.Conformance;

/// <summary>Every primitive of the engine, found by reflection, with the samples it supplies.</summary>
internal static class Cases
{
    // Marks in a graph, not operations: they have no value of their own.
    private static readonly Type[] Markers = [typeof(Variable), typeof(Symbol), typeof(Gone)];

    public static IEnumerable<Type> PrimitiveTypes =>
        typeof(Primitive).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Primitive)) && !t.IsAbstract && !Markers.Contains(t));

    public static IEnumerable<TestCaseData> Samples =>
        from type in PrimitiveTypes
        where type.IsAssignableTo(typeof(ISampled))
        from numbered in SamplesOf(type).Index()
        let sample = numbered.Item
        select new TestCaseData(sample).SetArgDisplayNames($"{type.Name} {numbered.Index}: {string.Join(" ", sample.Inputs.Select(x => x.DType.Name() + x.Shape))}");

    /// <summary>Samples in which something can vary: at least one floating operand that is not empty. (StopGradient is wrong on purpose.)</summary>
    public static IEnumerable<TestCaseData> Differentiable =>
        Samples.Where(c => c.Arguments[0] is Sample { Primitive: not StopGradient } sample && sample.Inputs.Any(x => x.DType.IsFloating() && x.Size > 0));

    public static IEnumerable<TestCaseData> WithOperands => Samples.Where(c => ((Sample)c.Arguments[0]!).Inputs.Length > 0);

    public static IEnumerable<Sample> SamplesOf(Type type) =>
        (IEnumerable<Sample>)type.GetProperty("Samples", BindingFlags.Public | BindingFlags.Static | BindingFlags.FlattenHierarchy)!.GetValue(null)!;

    /// <summary>The sample as a function of its floating inputs alone, giving its floating outputs.</summary>
    public static Func<Tensor[], Tensor[]> Floating(this Sample sample) => floats =>
    {
        var next = 0;
        var inputs = Array.ConvertAll(sample.Inputs, x => x.DType.IsFloating() ? floats[next++] : x);
        return [.. Tensor.ApplyMany(sample.Primitive, inputs).Where(y => y.DType.IsFloating())];
    };

    public static Tensor[] FloatingInputs(this Sample sample) => [.. sample.Inputs.Where(x => x.DType.IsFloating())];
}
