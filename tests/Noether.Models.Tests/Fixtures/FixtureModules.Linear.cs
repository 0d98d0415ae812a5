namespace Noether.Models.Tests.Fixtures;

/// <content>Linear layers, pooling, encodings, norms and the models made of them.</content>
internal static partial class FixtureModules
{
    private static Dictionary<string, Func<FixtureFile, FixtureModule>> Linear => new()
    {
    };
}
