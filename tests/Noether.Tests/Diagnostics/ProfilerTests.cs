using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Noether.Tests.Diagnostics;

public sealed class ProfilerTests
{
    private const int N = 48;

    [Test]
    public void A_product_has_its_flops_bytes_calls_and_source_line()
    {
        var x = Operand();
        var line = 0;
        var profile = Profiler.Record(() =>
        {
            for (var i = 0; i < 3; i++)
            {
                x.MatMul(x).Evaluate(); line = Line();
            }
        });

        var entry = profile.Entries.Single(static e => e.Operation == "MatMul");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(entry.Kind, Is.EqualTo(ProfileKind.Step));
            Assert.That(entry.Source, Is.EqualTo($"{nameof(ProfilerTests)}.cs:{line}"));
            Assert.That(entry.Calls, Is.EqualTo(3));
            Assert.That(entry.Flops, Is.EqualTo(3 * 2.0 * N * N * N));
            Assert.That(entry.Bytes, Is.EqualTo(3 * 3.0 * N * N * sizeof(double)));
            Assert.That(entry.Time, Is.GreaterThan(TimeSpan.Zero).And.LessThan(profile.Elapsed));
            Assert.That(entry.GigaFlopsPerSecond, Is.EqualTo(entry.Flops / entry.Time.TotalNanoseconds));
            Assert.That(entry.ShareOfPeak(), Is.GreaterThan(0));
        }
    }

    [Test]
    public void The_table_shows_operations_lines_rates_and_what_it_leaves_out()
    {
        var x = Operand();
        var line = 0;
        var profile = Profiler.Record(() =>
        {
            var y = (x + 1).Tanh().MatMul(x); line = Line();
            y.Evaluate();
        });

        var text = profile.ToString();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(text, Does.StartWith("operation").And.Contain("GFLOP/s").And.Contain("peak %"));
            Assert.That(text, Does.Match($@"MatMul +{nameof(ProfilerTests)}\.cs:{line} +1 "));
            Assert.That(text, Does.Match($@"Add·HyperbolicTangent +{nameof(ProfilerTests)}\.cs:{line} +1 "));
            Assert.That(text, Does.Contain("2 steps took").And.Contain("GFLOP/s in float32"));
            Assert.That(profile.Table(1), Does.Contain($"and {profile.Entries.Count - 1} more"));
        }
    }

    [Test]
    public void Times_of_one_thread_add_up_to_the_whole()
    {
        var x = Operand();
        var profile = Profiler.Record(() => Transform.Scan((s, _) => (s.MatMul(x), s.Sum()), x, Tensor.Ones([5, 1], device: Device.Host)).Carry.Evaluate());

        var sum = profile.Entries.Sum(static e => e.Time.TotalNanoseconds);
        Assert.That(sum, Is.EqualTo(profile.Elapsed.TotalNanoseconds).Within(100.0 * profile.Entries.Count), "each entry is rounded to a tick");
        Assert.That(profile.Entries.Sum(static e => e.Share), Is.EqualTo(1).Within(1e-2));
        Assert.That(profile.Entries.Single(static e => e.Operation == "MatMul").Calls, Is.EqualTo(5), "the steps of a loop's body count for themselves");
    }

    [Test]
    public void Equal_graphs_on_two_lines_are_two_entries()
    {
        var x = Operand();
        var profile = Profiler.Record(() =>
        {
            for (var i = 0; i < 4; i++)
            {
                x.Exp().Evaluate();
                x.Exp().Evaluate();
            }
        });
        Assert.That(profile.Entries.Where(static e => e.Operation == "Exponential").Select(static e => e.Calls), Is.EqualTo([4, 4]));
    }

    [Test]
    public void A_derivative_is_shown_at_the_line_of_what_is_derived()
    {
        var x = Operand();
        var line = 0;
        Tensor Loss(Tensor v)
        {
            var y = v.MatMul(v); line = Line();
            return y.Sum();
        }

        var profile = Profiler.Record(() => Transform.Grad(Loss)(x));
        var products = profile.Entries.Where(static e => e.Operation == "MatMulSum").ToList();
        Assert.That(products.Sum(static e => e.Calls), Is.EqualTo(1)); // the two products of the derivative, added up
        Assert.That(products.Select(static e => e.Source), Is.All.EqualTo($"{nameof(ProfilerTests)}.cs:{line}"));
    }

    [Test]
    public void A_function_compiled_before_shows_lines_and_replays()
    {
        var x = Operand();
        var line = 0;
        var f = Transform.Compile(v =>
        {
            var y = v.MatMul(v); line = Line();
            return y;
        });
        f(x);

        var profile = Profiler.Record(() => { f(x); f(x); });
        var kinds = profile.Entries.ToLookup(static e => e.Kind);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(kinds[ProfileKind.Step].Single().Source, Is.EqualTo($"{nameof(ProfilerTests)}.cs:{line}"));
            Assert.That(kinds[ProfileKind.Replay].Single().Calls, Is.EqualTo(2));
            Assert.That(kinds[ProfileKind.Compilation], Is.Empty);
        }
    }

    [Test]
    public void Compiling_and_planning_are_recorded()
    {
        var x = Operand();
        var kinds = Profiler.Record(() => (Transform.Compile(static v => v.Sin() * 3)(x) + 1).Evaluate()).Events.Select(static e => e.Kind).ToList();
        Assert.That(kinds, Is.SupersetOf([ProfileKind.Action, ProfileKind.Compilation, ProfileKind.Replay, ProfileKind.Evaluation, ProfileKind.Plan, ProfileKind.Step]));
    }

    [Test]
    public void What_the_action_leaves_pending_is_not_recorded_and_what_a_function_returns_is()
    {
        var x = Operand();
        Tensor? pending = null;
        var without = Profiler.Record(() => { pending = x.Cos(); });
        Assert.That(without.Events.Select(static e => e.Kind), Is.EqualTo([ProfileKind.Action]));
        Assert.That(pending!.View, Is.Null);

        var with = Profiler.Record(() => pending);
        Assert.That(with.Entries.Select(static e => e.Operation), Does.Contain("Cosine"));
        Assert.That(pending.View, Is.Not.Null);
    }

    [Test]
    public void The_chrome_trace_parses_and_its_events_nest()
    {
        var x = Operand();
        var line = 0;
        var profile = Profiler.Record(() =>
        {
            var y = x.MatMul(x); line = Line();
            y.Evaluate();
            (y + 1).Exp().Evaluate();
        });
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.json");
        try
        {
            profile.WriteChromeTrace(path);
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            var all = json.RootElement.GetProperty("traceEvents").EnumerateArray().ToList();
            var spans = all.Where(static e => e.GetProperty("ph").GetString() == "X").ToList();
            using (Assert.EnterMultipleScope())
            {
                Assert.That(spans, Has.Count.EqualTo(profile.Events.Count));
                Assert.That(spans.Select(static e => e.GetProperty("name").GetString()), Has.None.Null.And.None.Empty.And.Contains("MatMul").And.Contains("(planning)"));
                Assert.That(spans.Select(static e => e.GetProperty("dur").GetDouble()), Is.All.Positive);
                var product = spans.Single(static e => e.GetProperty("name").GetString() == "MatMul").GetProperty("args");
                Assert.That(product.GetProperty("source").GetString(), Is.EqualTo($"{nameof(ProfilerTests)}.cs:{line}"));
                Assert.That(product.GetProperty("flops").GetDouble(), Is.EqualTo(2.0 * N * N * N));
                Assert.That(product.GetProperty("operands").GetString(), Is.EqualTo($"float64[{N}, {N}], float64[{N}, {N}] -> float64[{N}, {N}]"));
                Assert.That(all.Count(static e => e.GetProperty("ph").GetString() == "M"), Is.EqualTo(2), "the process and one thread");
                AssertNested(spans);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void A_trace_that_cannot_be_written_is_a_typed_error()
    {
        var profile = Profiler.Record(static () => { });
        Assert.That(() => profile.WriteChromeTrace(Path.Combine(TestContext.CurrentContext.WorkDirectory, "absent", "trace.json")), Throws.TypeOf<FileFormatException>());
    }

    [Test]
    public void Without_a_recording_nothing_is_kept_of_lines()
    {
        var x = Operand();
        Profiler.Record(() => x.Exp().Evaluate());
        Assert.That(Profiler.Current, Is.Null);
        Assert.That(CodePlace.Current, Is.Null);
        Assert.That(x.Exp().Node!.Place, Is.Null);
    }

    [Test]
    public void An_exception_goes_to_the_caller_and_ends_the_recording()
    {
        Assert.That(() => Profiler.Record(static () => throw new InvalidDataException("mine")), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo("mine"));
        Assert.That(Profiler.Current, Is.Null);
        Assert.That(() => Profiler.Record((Action)null!), Throws.ArgumentNullException);
        Assert.That(() => Profiler.Record((Func<Tensor>)null!), Throws.ArgumentNullException);
    }

    [Test]
    public void Recordings_nest()
    {
        var x = Operand();
        Profile? inner = null;
        var outer = Profiler.Record(() =>
        {
            x.Exp().Evaluate();
            inner = Profiler.Record(() => x.Sin().Evaluate());
            x.Cos().Evaluate();
        });
        Assert.That(Steps(inner!), Is.EqualTo(["Sine"]));
        Assert.That(Steps(outer), Is.EqualTo(["Exponential", "Sine", "Cosine"]));
    }

    [Test]
    public void Two_threads_record_each_its_own_and_an_action_has_its_tasks()
    {
        var x = Operand();
        Profile? a = null, b = null;
        using var both = new Barrier(2);
        var first = new Thread(() => a = Profiler.Record(() => Work(static v => v.Sin())));
        var second = new Thread(() => b = Profiler.Record(() => Work(static v => v.Cos())));
        first.Start();
        second.Start();
        first.Join();
        second.Join();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Steps(a!), Has.Length.EqualTo(40).And.All.EqualTo("Sine"));
            Assert.That(Steps(b!), Has.Length.EqualTo(40).And.All.EqualTo("Cosine"));
            Assert.That(Profiler.Current, Is.Null);
        }

        // Twenty on the recording's own thread, twenty in a task of it.
        void Work(Func<Tensor, Tensor> f)
        {
            both.SignalAndWait();
            var task = Task.Run(() => Twenty(f));
            Twenty(f);
            task.Wait();
        }

        void Twenty(Func<Tensor, Tensor> f)
        {
            for (var i = 0; i < 20; i++) f(x).Evaluate();
        }
    }

    [Test]
    public void A_task_that_outlives_the_action_is_not_recorded_any_more()
    {
        var x = Operand();
        using var ended = new ManualResetEventSlim();
        Task? late = null;
        var profile = Profiler.Record(() =>
        {
            late = Task.Run(() =>
            {
                ended.Wait();
                x.Exp().Evaluate();
            });
        });
        ended.Set();
        late!.Wait();
        Assert.That(profile.Events.Select(static e => e.Kind), Is.EqualTo([ProfileKind.Action]));
    }

    private static string[] Steps(Profile profile) => [.. profile.Events.Where(static e => e.Kind == ProfileKind.Step).Select(static e => e.Name)];

    private static Tensor Operand() => Tensor.Ones([N, N], DType.Float64, Device.Host).Evaluate();

    private static int Line([CallerLineNumber] int line = 0) => line;

    private static void AssertNested(List<JsonElement> spans)
    {
        const double Rounding = 0.15; // microseconds: no event is shorter than a tick
        var open = new Stack<double>();
        foreach (var span in spans)
        {
            var (start, length) = (span.GetProperty("ts").GetDouble(), span.GetProperty("dur").GetDouble());
            while (open.TryPeek(out var end) && end <= start + Rounding) open.Pop();
            if (open.TryPeek(out var around)) Assert.That(start + length, Is.LessThanOrEqualTo(around + Rounding));
            open.Push(start + length);
        }
    }
}
