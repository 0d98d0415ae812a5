namespace Noether.Models.Tests.Fixtures;

/// <content>Attention, transformers, INR2ARRAY and implicit neural representations.</content>
internal static partial class FixtureModules
{
    private static Dictionary<string, Func<FixtureFile, FixtureModule>> Attention => new()
    {
    };

    private static Dictionary<string, Action<FixtureFile>> Coordinates => new()
    {
    };
}
