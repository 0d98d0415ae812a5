using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>
/// Fits one sinusoidal network to each of many images, many at once: one compiled step of Adam, mapped by <c>Vmap</c> over slots, in which a
/// network that is done makes room for the next.
/// </summary>
/// <remarks>
/// A network depends on its key, its image and the options alone, not on the slot or on who is fitted beside it. The arithmetic of a step is
/// 6·weights·points operations a network, and the memory 2·points·width numbers a hidden layer: with few slots those stay in cache.
/// </remarks>
/// <param name="network">The networks, all alike.</param>
/// <param name="points">Where images are given: [points, coordinates].</param>
/// <param name="options">Steps, rates, slots.</param>
public sealed class SirenFitter(Siren network, Tensor points, SirenFitOptions options)
{
    private readonly Adam adam = new() { LearningRate = new CosineSchedule(options.LearningRate, options.Steps, options.FinalLearningRate) };
    private Parameters? like, memory;
    private Func<Tensor[], Tensor[]>? begin, step, refill, measure;

    /// <summary>Fits a network to each image.</summary>
    /// <param name="images">[images, points, values].</param>
    /// <param name="key">Together with a network's number it decides where the network begins.</param>
    /// <param name="firstNumber">The number of the first image's network: those of a data set in parts count on.</param>
    /// <param name="progress">Called with the networks that are done whenever there are more.</param>
    /// <param name="cancellation">Looked at now and then; nothing is left of an interrupted call.</param>
    /// <exception cref="ShapeException">The images are not [images, points, values] of the points and the network.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public SirenFit Fit(Tensor images, RandomKey key, int firstNumber = 0, Action<int>? progress = null, CancellationToken cancellation = default)
    {
        if (images.Rank != 3 || images.Shape[1] != points.Shape[0] || images.Shape[2] != network.Spec.Widths[^1])
            throw new ShapeException($"SirenFitter: {images.Shape} is not [images, {points.Shape[0]}, {network.Spec.Widths[^1]}]");
        var count = images.Shape[0];
        var slots = Math.Max(1, Math.Min(options.Slots, count));
        Compile(key);

        var at = Enumerable.Range(0, slots).ToArray(); // which image is in each slot; those beyond the last compute for nobody
        var taken = new int[slots];
        var next = slots;
        var targets = images.Narrow(0, 0, slots);
        var state = begin!([key.Words, Numbers(at, firstNumber)]);
        var parts = new List<(int[] Images, Tensor[] Weights)>();
        var (ratios, steps, done) = (new float[count], new int[count], 0);
        var range = network.Options.PixelRange.White - network.Options.PixelRange.Black;
        while (done < count)
        {
            var now = Math.Min(options.LookEvery, options.Steps - taken.Where((_, slot) => at[slot] < count).Max());
            for (var i = 0; i < now; i++)
            {
                state = step!([.. state, targets]);
                Tensor.Evaluate(state);
            }

            cancellation.ThrowIfCancellationRequested();
            var errors = measure!([.. state[..like!.Count], targets])[0].ToArray<float>();
            var finished = new List<int>();
            for (var slot = 0; slot < slots; slot++)
            {
                taken[slot] += now;
                if (at[slot] >= count) continue;
                var ratio = 10 * Math.Log10(range * range / errors[slot]);
                if (ratio < options.StopAt && taken[slot] < options.Steps) continue;
                (ratios[at[slot]], steps[at[slot]]) = ((float)ratio, taken[slot]);
                finished.Add(slot);
            }

            if (finished.Count == 0) continue;
            var order = Tensor.From(finished.ToArray(), [finished.Count], images.Device);
            parts.Add(([.. finished.Select(slot => at[slot])], [.. state[..like.Count].Select(w => w.Take(order))]));
            Tensor.Evaluate(parts[^1].Weights);
            done += finished.Count;
            progress?.Invoke(done);
            if (done == count) break;

            // The next images take the places; where there are none any more the old ones stay, and count for nothing.
            var fresh = new bool[slots];
            foreach (var slot in finished) (at[slot], taken[slot], fresh[slot]) = (next++, 0, true);
            targets = images.Take(Tensor.From([.. at.Select(i => Math.Min(i, count - 1))], [slots], images.Device));
            state = refill!([.. state, key.Words, Numbers(at, firstNumber), Tensor.From(fresh, [slots], images.Device)]);
            Tensor.Evaluate([.. state, targets]);
        }

        var places = new int[count];
        var place = 0;
        foreach (var image in parts.SelectMany(static part => part.Images)) places[image] = place++;
        var back = Tensor.From(places, [count], images.Device);
        var networks = like!.WithLeaves([.. Enumerable.Range(0, like.Count).Select(i => Tensor.Concatenate(0, [.. parts.Select(part => part.Weights[i])]).Take(back))]);
        Tensor.Evaluate(networks);
        return new(networks, ratios, steps);
    }

    // State of all slots: parameters, then Adam's memory, each with the slots along axis 0; its step counts for each slot.
    private void Compile(RandomKey key)
    {
        if (step is not null) return;
        like = network.Init(key);
        memory = adam.Init(like);
        int parameters = like.Count, all = like.Count + memory.Count;

        Tensor[] Begin(Tensor words, Tensor number)
        {
            var start = network.Init(RandomKey.From(words).Fold(number));
            return [.. start.Leaves, .. adam.Init(start).Leaves];
        }

        Tensor Error(Parameters p, Tensor target) => (network.Apply(p, points) - target).Square().Mean();

        begin = Transform.Compile(Transform.Vmap((Tensor[] a) => Begin(a[0], a[1]), [null, 0]));
        measure = Transform.Compile(Transform.Vmap((Tensor[] a) => [Error(like.WithLeaves(a[..parameters]), a[parameters])], Axes(parameters + 1)));
        step = Transform.Compile(Transform.Vmap((Tensor[] a) =>
        {
            var p = like.WithLeaves(a[..parameters]);
            var gradient = Transform.Grad<Parameters>(q => Error(q, a[all]))(p);
            var (after, remembered) = adam.Step(p, gradient, memory.WithLeaves(a[parameters..all]));
            return [.. after.Leaves, .. remembered.Leaves];
        }, Axes(all + 1)), [.. Enumerable.Range(0, all)]);
        refill = Transform.Compile(Transform.Vmap((Tensor[] a) =>
        {
            var start = Begin(a[all], a[all + 1]);
            return [.. a[..all].Select((old, i) => Tensor.Select(a[all + 2], start[i], old))];
        }, [.. Axes(all), null, 0, 0]), [.. Enumerable.Range(0, all)]);
    }

    private Tensor Numbers(int[] at, int first) => Tensor.From(Array.ConvertAll(at, i => first + i), [at.Length, 1], points.Device);

    private static int?[] Axes(int count) => [.. Enumerable.Repeat<int?>(0, count)];
}
