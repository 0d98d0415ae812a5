using System.Diagnostics;

namespace Noether.Nn.Tests;

/// <summary>Two thousand steps do not grow memory after the first hundred: measured in bytes of tensors and of the process.</summary>
public class FlatMemoryTests
{
    private const int Steps = 2_000, Settled = 100;

    private static readonly Module Net = new Sequential(new Linear(64, 128), new BatchNorm(128), Activation.Gelu, new Dropout(0.1), new Linear(128, 4));

    [Test]
    public void Fitting_works_in_the_memory_of_its_first_hundred_steps()
    {
        const int batch = 32;
        var data = Dataset.Of(RandomKey.From(1).Normal([Steps / 4 * batch, 64]), RandomKey.From(2).Integers([Steps / 4 * batch], 0, 4));
        var trainer = new Trainer(Net, (y, t) => Loss.CrossEntropy(y, t), new Adam { LearningRate = 1e-3 });
        long live = 0, process = 0;
        trainer.Fit(trainer.Init(RandomKey.From(0)), data, new FitOptions
        {
            BatchSize = batch,
            Epochs = 4,
            Progress = p =>
            {
                if (p.Step == Settled) process = ProcessBytes();
                if (p.Step <= Settled) live = Math.Max(live, Memory.Live(Device.Host));
                else if (Memory.Live(Device.Host) > live + (1 << 20)) Assert.Fail($"step {p.Step}: {Memory.Live(Device.Host)} bytes live, at most {live} in the first hundred");
            },
        });
        Assert.That(ProcessBytes() - process, Is.LessThan(32 << 20)); // the collector's own growth; a leak of the state alone would be 230 MB
    }

    [Test]
    public void Steps_without_Compile_leave_no_more_than_the_collector_is_to_find()
    {
        var trainer = new Trainer(new Linear(64, 4), (y, t) => Loss.CrossEntropy(y, t), new Sgd { LearningRate = 0.1, Momentum = 0.9 });
        var state = trainer.Init(RandomKey.From(0));
        var batch = new Batch(RandomKey.From(1).Normal([8, 64]).Evaluate(), RandomKey.From(2).Integers([8], 0, 4).Evaluate());
        long process = 0;
        for (var step = 1; step <= Steps; step++)
        {
            (state, _) = trainer.Update(state, batch);
            Tensor.Evaluate(state);
            if (step == Settled) process = ProcessBytes();
        }

        Assert.That(ProcessBytes() - process, Is.LessThan(32 << 20)); // the collector's own growth
    }

    private static long ProcessBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        return process.PrivateMemorySize64;
    }
}
