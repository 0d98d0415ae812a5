using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using Noether.Runner;

// A program's own command line follows its name as it is, --help included.
if (args is [var name, .. var rest] && Contents.Programs.TryGetValue(name, out var program))
    return AppDomain.CurrentDomain.ExecuteAssemblyByName(new AssemblyName(program), rest);

var root = new RootCommand(
    $"Tests, benchmarks and examples of Noether in one folder that needs no .NET. Programs, each with --help: {string.Join(", ", Contents.Programs.Keys)}.")
{
    TestCommand.Create(),
};
var parse = root.Parse(args);
// After Ctrl-C the tests that run come to their end, but not for ever.
if (parse.Action is not ParseErrorAction mistake) return await parse.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
mistake.ShowHelp = false; // one line that says what is wrong, and the nearest right option
await parse.InvokeAsync(new InvocationConfiguration { Output = Console.Error, Error = Console.Error });
return TestCommand.Misused;
