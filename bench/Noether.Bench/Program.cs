using System.CommandLine;
using BenchmarkDotNet.Running;
using Noether.Bench.Comparing;
using Noether.Bench.Suites;

if (args is not ["compare", ..] && args is not ["--help" or "-h" or "-?"])
{
    // Everything else is BenchmarkDotNet's: --filter '*MatMul*', --list flat, --inProcess …
    var summaries = BenchmarkSwitcher.FromAssembly(typeof(Suite).Assembly).Run(args, new SuiteConfig());
    return summaries.Any(static s => s.HasCriticalValidationErrors || s.Reports.Any(static r => !r.Success)) ? 1 : 0;
}

var root = new RootCommand("Benchmarks of the engine. Without a verb: BenchmarkDotNet's suites and options, for example --filter '*MatMul*'.") { CompareCommand.Create() };
var parse = root.Parse(args);
if (parse.Errors is [var error, ..])
{
    Console.Error.WriteLine($"bench: {error.Message}");
    return 2;
}

return await parse.InvokeAsync();
