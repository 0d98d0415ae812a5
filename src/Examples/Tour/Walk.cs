using System.Runtime.CompilerServices;

using Noether.Nn;

using static Noether.Transform;

using Checkpoint = Noether.Nn.Checkpoint; // Transform has a method of this name

namespace Noether.Examples.Tour;

/// <summary>The ten pieces. Read it beside its output: every shown line stands here as it is printed.</summary>
internal sealed class Walk(ExampleRun run)
{
    private int pieces;
    private Parameters trained = Parameters.Empty;

    public void Run()
    {
        Action[] all = [Creation, Indexing, Gradients, NestedTransforms, Batching, Products, Compilation, RandomNumbers, Training, Files];
        foreach (var piece in all)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            piece();
        }

        run.Record("pieces", pieces);
    }

    private void Creation()
    {
        Title("Creation and broadcasting");
        Tensor column, row;
        Show(column = Tensor.From([0.0, 10, 20], [3, 1]));
        Show(row = Tensor.Linspace(0, 1, 5, DType.Float64));
        Show(column + row.Square());
        Show((column * row).Mean(axis: 0));
    }

    private void Indexing()
    {
        Title("Indexing");
        Tensor x;
        Show(x = Tensor.Arange(12).Reshape(3, 4));
        Show(x[1.., ^2..]);
        Show(x[x > 6]);
        Show(x[Tensor.From([2, 0])]);
        Show(x.At(.., 1).Set(-1));
    }

    private void Gradients()
    {
        Title("Gradients");
        var x = Tensor.From([0.5, 1, 2]);
        Func<Tensor, Tensor> f;
        Tell(f = x => (x * x.Sin()).Sum());
        Show(Grad(f)(x));
        Show(x.Sin() + x * x.Cos());
        var (value, gradient) = ValueAndGrad(f)(x);
        Show(value);
        Show(Jacobian(x => x * x.Sum())(x));
    }

    private void NestedTransforms()
    {
        Title("Transforms nest in any order");
        var x = Tensor.From([0.5, 1, 2]);
        Show(Grad(Grad(Grad(x => x.Tanh())))(Tensor.From(0.3)));
        Show(Hessian(x => (x * x.Prod(axis: 0)).Sum())(x));
        Show(Grad(x => Grad(y => (y * y * y).Sum())(x).Square().Sum())(x));
    }

    private void Batching()
    {
        Title("Vmap: write one example, run a batch");
        var points = Tensor.From([1.0, 2, 3, 4, 5, 6], [3, 2]);
        Func<Tensor, Tensor> length;
        Tell(length = p => p.Square().Sum().Sqrt());
        Show(Vmap(length)(points));
        Show(Vmap(Grad(length))(points));
        Show(Vmap((a, b) => a.MatMul(b))(points, points));
    }

    private void Products()
    {
        Title("Products with derivatives that are never formed");
        var (x, v) = (Tensor.From([0.5, 1, 2]), Tensor.From([1.0, 0, -1]));
        Show(Jvp(x => x.Exp(), x, v).Tangent);
        Show(Vjp(x => x.Exp(), x).Pullback(v));
        Show(Hvp(x => (x * x * x).Sum(), x, v));
    }

    private void Compilation()
    {
        Title("Compile: one plan, fused and kept");
        var x = RandomKey.From(run.Seed).Normal([1_000]);
        Func<Tensor, Tensor> fast;
        Tell(fast = Compile(x => ((x + 1).Tanh() * x.Square()).Sum()));
        Show(fast(x));
        Show(fast(2 * x));
        foreach (var line in Trace.Record(() => fast(x).Evaluate())) run.Say($"    ran {line.Trim()}");
    }

    private void RandomNumbers()
    {
        Title("Random numbers come from explicit keys");
        RandomKey key;
        Tell(key = RandomKey.From(run.Seed));
        var (weights, data) = key.Split();
        Show(weights.Normal([4]));
        Show(data.Uniform([4]));
        Show(weights.Normal([4]));
        Show(key.Fold(7).Integers([8], 0, 10));
    }

    private void Training()
    {
        Title("A module and a training loop");
        Module net;
        Tell(net = new Sequential(new Linear(1, 32), Activation.Tanh, new Linear(32, 1)));
        Optimizer optimizer;
        Tell(optimizer = new Adam { LearningRate = 0.01 });

        var x = Tensor.Linspace(-3, 3, 64).Unsqueeze(1);
        var target = x.Sin();
        var weights = net.Init(RandomKey.From(run.Seed));
        var memory = optimizer.Init(weights);
        Tensor Error(Parameters w) => Loss.MeanSquared(net.Apply(w, x), target);
        Show(Error(weights));
        var steps = run.Quick ? 50 : 300;
        for (var step = 0; step < steps; step++)
        {
            (weights, memory) = optimizer.Step(weights, Grad<Parameters>(Error)(weights), memory);
            Tensor.Evaluate([.. weights.Leaves, .. memory.Leaves]); // together: the gradient is computed once
        }

        run.Say($"  {steps} times: (weights, memory) = optimizer.Step(weights, Grad<Parameters>(Error)(weights), memory)");
        Show(Error(weights));
        Show(net.Apply(weights, Tensor.From([0f, 1, 2], [3, 1])));
        run.Record("loss", Error(weights).Item());
        trained = weights;
    }

    private void Files()
    {
        Title("Save and load");
        var path = run.Output("weights.safetensors");
        Checkpoint.SaveParameters(path, trained);
        Parameters loaded;
        Tell(loaded = Checkpoint.LoadParameters(path, like: trained));
        Show((loaded - trained).Norm());
        var array = run.Output("sines.npy");
        TensorFiles.SaveNpy(array, Tensor.Linspace(0, 1, 4).Sin());
        Show(TensorFiles.LoadNpy(array));
    }

    private void Title(string title) => run.Say($"{(pieces == 0 ? "" : Environment.NewLine)}{++pieces}. {title}");

    /// <summary>A line of code and the tensor that it makes.</summary>
    private void Show(Tensor result, [CallerArgumentExpression(nameof(result))] string code = "") =>
        run.Say($"  {code}{Environment.NewLine}    {result.ToString().ReplaceLineEndings(Environment.NewLine + "    ")}");

    /// <summary>A line of code that makes something else.</summary>
    private void Tell<T>(T result, [CallerArgumentExpression(nameof(result))] string code = "") =>
        run.Say(result is Delegate or RandomKey or null
            ? $"  {code}"
            : $"  {code}{Environment.NewLine}    {result.ToString()!.ReplaceLineEndings(Environment.NewLine + "    ")}");
}
