namespace Noether.Nn.Tests;

public class TrainerTests
{
    private static readonly Module Net = new Sequential(
        new Convolution(1, 4, [3, 3]), new BatchNorm(4), Activation.Relu, new MaxPool([2, 2]), new Dropout(0.2), Activation.Flatten, new Linear(36, 3));

    // Class c is a bright bar at columns of its own on an 8x8 image with noise.
    private static Dataset Bars(int count)
    {
        var pixels = new byte[count * 64];
        var labels = new byte[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = (byte)(i % 3);
            for (var p = 0; p < 64; p++) pixels[i * 64 + p] = (byte)((p * 31 + i * 17) % 60 + (p % 8 / 2 == labels[i] ? 180 : 0));
        }

        return new(Column.OfBytes(pixels, [1, 8, 8]), Column.OfLabels(labels));
    }

    private static Trainer NewTrainer() =>
        new(Net, (y, t) => Loss.CrossEntropy(y, t), new AdamW { LearningRate = new WarmUpSchedule(new CosineSchedule(0.02, 40), 3, 0.1) }) { ClipNorm = 1 };

    [Test]
    public void A_small_network_learns_a_small_set_by_heart()
    {
        var trainer = NewTrainer();
        var losses = new List<double>();
        var data = Bars(48);
        var state = trainer.Fit(trainer.Init(RandomKey.From(1)), data, new FitOptions { BatchSize = 16, Epochs = 14, Progress = p => losses.Add(p.Loss) });
        Assert.That(losses, Has.Count.EqualTo(42));
        Assert.That(losses[^1], Is.LessThan(losses[0] / 4));
        var all = data.All();
        Assert.That(Loss.Accuracy(Net.Apply(state.Parameters, state.State, all.Input), all.Target).Item(), Is.EqualTo(1));
        Assert.That(state.Step, Is.EqualTo(42));
    }

    [Test]
    public void Five_steps_saved_loaded_and_five_more_equal_ten_bit_for_bit()
    {
        var path = Path.GetTempFileName();
        try
        {
            var data = Bars(60); // four steps an epoch: the interruption falls inside the second
            var options = new FitOptions { BatchSize = 15, Epochs = 3 };
            var whole = Bytes(StateAfter(10, null));

            Checkpoint.Save(path, StateAfter(5, null));
            var resumed = Checkpoint.Load(path, NewTrainer().Init(RandomKey.From(99))); // structure only: every value comes from the file
            Assert.That(resumed.Step, Is.EqualTo(5));
            Assert.That(Bytes(StateAfter(10, resumed)), Is.EqualTo(whole));

            TrainingState StateAfter(int steps, TrainingState? from)
            {
                var trainer = NewTrainer();
                TrainingState? last = null;
                using var stop = new CancellationTokenSource();
                var watched = options with
                {
                    Progress = p =>
                    {
                        if (p.Step != steps) return;
                        last = p.State.Copy();
                        stop.Cancel();
                    },
                };
                Assert.That(() => trainer.Fit(from ?? trainer.Init(RandomKey.From(7)), data, watched, stop.Token), Throws.InstanceOf<OperationCanceledException>());
                return last!;
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void Cancellation_writes_the_checkpoint_from_which_fitting_goes_on()
    {
        var path = Path.Combine(Path.GetTempPath(), $"noether-{Guid.NewGuid():N}.safetensors");
        try
        {
            var data = Bars(30);
            var trainer = NewTrainer();
            using var stop = new CancellationTokenSource();
            var options = new FitOptions { BatchSize = 10, Epochs = 2, CheckpointPath = path, Progress = p => { if (p.Step == 4) stop.Cancel(); } };
            Assert.That(() => trainer.Fit(trainer.Init(RandomKey.From(7)), data, options, stop.Token), Throws.InstanceOf<OperationCanceledException>().With.Message.Contains("4 of 6"));
            var straight = trainer.Fit(trainer.Init(RandomKey.From(7)), data, options with { CheckpointPath = null, Progress = null, Prefetch = 0 });
            var resumed = trainer.Fit(Checkpoint.Load(path, trainer.Init(RandomKey.From(0))), data, options with { Progress = null });
            Assert.That(Bytes(resumed), Is.EqualTo(Bytes(straight)));
            Assert.That(Checkpoint.Notes(path)["optimizer"], Does.StartWith("AdamW { ").And.Contain("CosineSchedule"));
            Assert.That(trainer.Fit(resumed, data, options).Step, Is.EqualTo(6)); // nothing left to do
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void A_single_step_leaves_the_old_state_as_it_was_and_agrees_with_the_uncompiled_update()
    {
        var trainer = NewTrainer();
        var state = trainer.Init(RandomKey.From(3));
        var before = Bytes(state);
        var batch = Bars(12).All();
        var (next, loss) = trainer.Step(state, batch);
        Assert.That(Bytes(state), Is.EqualTo(before));
        var (expected, expectedLoss) = trainer.Update(state, batch);
        Assert.That(loss.Item(), Is.EqualTo(expectedLoss.Item()).Within(1e-6));
        Assert.That(next.Parameters.ToVector().ToArray<float>(), Is.EqualTo(expected.Parameters.ToVector().ToArray<float>()).Within(1e-6f));
        Assert.That(next.State["1.num_batches_tracked"].Item<long>(), Is.EqualTo(1));
    }

    [Test]
    public void Fitting_does_not_touch_the_state_it_was_given()
    {
        var trainer = NewTrainer();
        var state = trainer.Init(RandomKey.From(3));
        var before = Bytes(state);
        trainer.Fit(state, Bars(12), new FitOptions { BatchSize = 4 });
        Assert.That(Bytes(state), Is.EqualTo(before));
    }

    [Test]
    public void Too_few_examples_for_a_batch_are_an_error_that_counts_them()
    {
        var trainer = NewTrainer();
        Assert.That(() => trainer.Fit(trainer.Init(RandomKey.From(3)), Bars(12), new FitOptions()), Throws.TypeOf<ShapeException>().With.Message.Contains("12 examples"));
    }

    private static byte[] Bytes(TrainingState state) => [.. state.Leaves.SelectMany(x => x.ToHostArray().Bytes.ToArray())];
}
