using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Noether.Bench.Suites;

/// <summary>How many times faster than the peer, from medians (BenchmarkDotNet's own ratio is a mean of ratios, which outliers rule).</summary>
internal sealed class PeerColumn : IColumn
{
    public string Id => "Peer";

    public string ColumnName => "vs peer";

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 1;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend => "the peer's median over this one: above 1 is faster than the peer";

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        var baseline = summary.GetBaseline(summary.GetLogicalGroupKey(benchmarkCase));
        if (baseline is null || summary[baseline]?.ResultStatistics is not { } peer || summary[benchmarkCase]?.ResultStatistics is not { } own) return "-";
        return (peer.Median / own.Median).ToString("F2");
    }

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;
}
