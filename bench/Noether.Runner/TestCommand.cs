using System.CommandLine;
using System.Reflection;
using NUnit.Framework.Api;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Noether.Runner;

/// <summary><c>test</c>: runs the tests of the folder's assemblies, one assembly after the other, by NUnit's own runner.</summary>
internal static class TestCommand
{
    /// <summary>Exit codes. A run in which nothing passed has failed: an absent lane must not look like a pass.</summary>
    public const int Done = 0, Failed = 1, Misused = 2, Interrupted = 130;

    public static Command Create()
    {
        Option<string[]> assembly = new("--assembly") { Description = "only the tests of this assembly; may be given several times" };
        assembly.AcceptOnlyFromAmong(Contents.Tests);
        Option<string[]> category = new("--category") { Description = "only tests of this category (Simulator, OpenCL, PTX, Cuda); may be given several times" };
        Option<string?> where = new("--where") { Description = "only tests that this selects: cat==Cuda and test=~MatMul; also !=, !~, or, not; class, method, name, namespace" };
        where.Validators.Add(result =>
        {
            try
            {
                if (result.Tokens is [var text]) Selection.Filter(text.Value, []);
            }
            catch (FormatException wrong)
            {
                result.AddError(wrong.Message);
            }
        });
        Option<bool> list = new("--list") { Description = "prints the tests' full names and runs none" };
        Command command = new("test", "Runs tests; exits with 1 if one fails or none passes.") { assembly, category, where, list };
        // On another thread, because Ctrl-C is watched only once the action has returned its task.
        command.SetAction((parse, cancellation) => Task.Run(
            () => Run(
                parse.GetValue(assembly) is { Length: > 0 } chosen ? chosen : Contents.Tests,
                TestFilter.FromXml(Selection.Filter(parse.GetValue(where), parse.GetValue(category) ?? []).ToString()),
                parse.GetValue(list), cancellation),
            CancellationToken.None));
        return command;
    }

    private static int Run(string[] assemblies, TestFilter filter, bool lists, CancellationToken cancellation)
    {
        var runners = assemblies.Select(static name =>
        {
            var runner = new NUnitTestAssemblyRunner(new DefaultTestAssemblyBuilder());
            runner.Load(Assembly.Load(name), new Dictionary<string, object>());
            return runner;
        }).ToArray();
        if (lists)
        {
            foreach (var test in runners.SelectMany(runner => Leaves(runner.ExploreTests(filter)))) Console.Out.WriteLine(test.FullName);
            return Done;
        }

        var progress = new Progress(runners.Sum(runner => runner.CountTestCases(filter)));
        foreach (var runner in runners.Where(runner => runner.CountTestCases(filter) > 0))
        {
            // Tests that run come to their end; no other begins.
            using var stop = cancellation.Register(() => runner.StopRun());
            if (cancellation.IsCancellationRequested) break;
            progress.Finished(runner.Run(progress, filter));
        }

        progress.Summarise();
        if (cancellation.IsCancellationRequested)
        {
            Console.Error.WriteLine("runner: interrupted");
            return Interrupted;
        }

        if (progress.Passed == 0) Console.Error.WriteLine(progress.Total == 0 ? "runner: no test matches" : "runner: no test passed");
        return progress.HasFailed || progress.Passed == 0 ? Failed : Done;
    }

    private static IEnumerable<ITest> Leaves(ITest test) => test.IsSuite ? test.Tests.SelectMany(Leaves) : [test];
}
