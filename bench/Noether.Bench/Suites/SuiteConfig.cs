using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using Perfolizer.Horology;

namespace Noether.Bench.Suites;

/// <summary>Medians, what they mean against the machine's limits, and against the peer. Managed allocations only: a peer's native memory is not seen.</summary>
internal sealed class SuiteConfig : ManualConfig
{
    public SuiteConfig()
    {
        AddJob(Job.Default.WithWarmupCount(3).WithIterationCount(9).WithIterationTime(TimeInterval.FromMilliseconds(100)).AsDefault());
        AddLogger(ConsoleLogger.Default);
        AddColumnProvider(DefaultColumnProviders.Descriptor, DefaultColumnProviders.Params, DefaultColumnProviders.Metrics);
        AddColumn(
            StatisticColumn.Median,
            new WorkColumn("GFLOP/s", "arithmetic of the median", static (what, ns, _) => (what.Flops / ns).ToString("F1")),
            new WorkColumn("GB/s", "least traffic of the median", static (what, ns, _) => (what.Bytes / ns).ToString("F1")),
            new WorkColumn("% of limit", "of measured arithmetic or copy speed, whichever is the tighter", static (what, ns, peak) => (100 * peak.Share(what.Flops, what.Bytes, what.Type, ns)).ToString("F0")),
            new PeerColumn());
        WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(60));
        AddDiagnoser(MemoryDiagnoser.Default);
        AddExporter(MarkdownExporter.GitHub, JsonExporter.FullCompressed);
    }
}
