using System.CommandLine;
using System.CommandLine.Invocation;
using BenchmarkDotNet.Running;
using Noether.Bench.Comparing;
using Noether.Bench.Suites;

if (args is not ["compare" or "gpu" or "growth" or "memory", ..] && args is not ["--help" or "-h" or "-?"])
{
    // Everything else is BenchmarkDotNet's: --filter '*MatMul*', --list flat, --inProcess …
    var summaries = BenchmarkSwitcher.FromAssembly(typeof(Suite).Assembly).Run(args, new SuiteConfig());
    return summaries.Any(static s => s.HasCriticalValidationErrors || s.Reports.Any(static r => !r.Success)) ? 1 : 0;
}

var root = new RootCommand("Benchmarks of the engine. Without a verb: BenchmarkDotNet's suites and options, for example --filter '*MatMul*'.")
{
    CompareCommand.Create(),
    GpuCommand.Create(),
    GrowthCommand.Create(),
    MemoryCommand.Create(),
};
var parse = root.Parse(args);
if (parse.Action is not ParseErrorAction mistake) return await parse.InvokeAsync();
mistake.ShowHelp = false; // one line that says what is wrong, and the nearest right option
await parse.InvokeAsync(new InvocationConfiguration { Output = Console.Error, Error = Console.Error });
return 2;
