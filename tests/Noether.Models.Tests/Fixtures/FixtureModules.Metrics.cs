using Noether.Models.Statistics;
using Noether.Nn;

namespace Noether.Models.Tests.Fixtures;

/// <content>Measures and schedules.</content>
internal static partial class FixtureModules
{
    private static Dictionary<string, Action<FixtureFile>> Metrics => new()
    {
        ["metrics_and_schedules"] = CheckMetricsAndSchedules,
    };

    private static void CheckMetricsAndSchedules(FixtureFile file)
    {
        var (warmUp, total) = ((int)Values("schedule.warmup_cos.warmup")[0], (int)Values("schedule.warmup_cos.total")[0]);
        Check("schedule.warmup_cos", new WarmUpSchedule(new CosineSchedule(1, total - warmUp), warmUp));
        Check("schedule.linear", new WarmUpSchedule(1, warmUp));
        foreach (var name in (string[])["kendall", "kendall_ties"])
            Assert.That(Agreement.KendallTau(Values($"{name}.x"), Values($"{name}.y")), Is.EqualTo(Values($"{name}.tau")[0]).Within(1e-12), name);
        Assert.That(Agreement.Determination(Values("r2.x"), Values("r2.y")), Is.EqualTo(Values("r2.value")[0]).Within(1e-12));

        double[] Values(string name) => file[name].ToArray<double>();
        void Check(string name, Schedule schedule)
        {
            var expected = Values(name);
            Assert.That(Enumerable.Range(0, expected.Length).Select(i => schedule.At(i)), Is.EqualTo(expected).Within(1e-12), name);
        }
    }
}
