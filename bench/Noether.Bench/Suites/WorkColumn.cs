using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Noether.Bench.Cases;
using Noether.Devices.Host;

namespace Noether.Bench.Suites;

/// <summary>A figure from a case's work and the median time.</summary>
/// <param name="name">The column's head.</param>
/// <param name="legend">What it says.</param>
/// <param name="figure">From the case, nanoseconds and the machine's limits.</param>
internal sealed class WorkColumn(string name, string legend, Func<Case, double, Peak, string> figure) : IColumn
{
    public string Id => "Work." + name;

    public string ColumnName => name;

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend => legend;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        if (summary[benchmarkCase]?.ResultStatistics is not { } statistics) return "-";
        var suite = (Suite)Activator.CreateInstance(benchmarkCase.Descriptor.Type)!;
        suite.Name = (string)benchmarkCase.Parameters[nameof(Suite.Name)];
        return figure(suite.Case, statistics.Median, Peak.Of(WorkerPool.Shared.Threads));
    }

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;
}
