using Noether.Models.WeightSpaces;
using Noether.Nn;

namespace Noether.Models.Tests.Fixtures;

/// <summary>Which module a file's name means: the longest beginning that is known here.</summary>
internal static partial class FixtureModules
{
    private static readonly Dictionary<string, Func<FixtureFile, FixtureModule>> Kinds = new([.. Plain, .. Linear, .. Attention]);

    private static Dictionary<string, Func<FixtureFile, FixtureModule>> Plain => new()
    {
        ["flatten"] = file => new FixtureModule(Parameters.Empty, Parameters.Empty, (_, x) => Parameters.Of(("y", FixtureModule.Features(file, x).Flatten()))).Sharp(),
        ["unflatten"] = file => new FixtureModule(Parameters.Empty, Parameters.Empty, (_, x) => FixtureModule.Named(WeightFeatures.Unflatten(file.Spec, x["y"]))).Sharp(),
        ["tupleop_relu"] = file => FixtureModule.Of(file, WeightActivation.Relu).Sharp(),
        ["tupleop_gelu"] = file => FixtureModule.Of(file, WeightActivation.Gelu),
    };

    // Files that hold no module but tables of numbers.
    private static readonly Dictionary<string, Action<FixtureFile>> Tables = new([.. Coordinates, .. Metrics]);

    /// <summary>The module of a file; null where it is a table, which is then checked.</summary>
    public static FixtureModule? Of(FixtureFile file)
    {
        if (Tables.TryGetValue(file.Name, out var check))
        {
            check(file);
            return null;
        }

        var name = Kinds.Keys.Where(kind => file.Name == kind || file.Name.StartsWith(kind + "_", StringComparison.Ordinal)).MaxBy(static kind => kind.Length)
            ?? throw new NotSupportedException($"{file.Name}: no such module; known are {string.Join(", ", Kinds.Keys.Concat(Tables.Keys).Order())}");
        return Kinds[name](file);
    }
}
