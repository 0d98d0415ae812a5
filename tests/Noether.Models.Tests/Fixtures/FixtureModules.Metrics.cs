namespace Noether.Models.Tests.Fixtures;

/// <content>Measures and schedules.</content>
internal static partial class FixtureModules
{
    private static Dictionary<string, Action<FixtureFile>> Metrics => new()
    {
    };
}
