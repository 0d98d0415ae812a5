using Noether.Nn;

namespace Noether.Models.SharpnessAware;

/// <summary>
/// <see cref="TeacherStudent"/> for several seeds and radii at once: one compiled loop of many steps over all students. Those of one seed share teacher, points,
/// first weights and order; they differ in ρ alone.
/// </summary>
public sealed class TeacherStudentSweep
{
    private readonly TeacherStudent experiment;
    private readonly RandomKey[] keys;
    private readonly Batch train, test; // one row of axis 0 a student, the seeds outside
    private readonly Tensor radii, order; // order: the point of each step and seed
    private readonly Parameters like;
    private readonly Func<Tensor[], Tensor[]> perturbed, plain, measure;

    /// <summary>The students of all pairs.</summary>
    /// <param name="experiment">What is learnt.</param>
    /// <param name="keys">One a seed.</param>
    /// <param name="radii">ρ.</param>
    public TeacherStudentSweep(TeacherStudent experiment, IReadOnlyList<RandomKey> keys, IReadOnlyList<double> radii)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(radii);
        ArgumentOutOfRangeException.ThrowIfZero(keys.Count, nameof(keys));
        ArgumentOutOfRangeException.ThrowIfZero(radii.Count, nameof(radii));
        (this.experiment, this.keys, Radii) = (experiment, [.. keys], [.. radii]);
        var tasks = keys.Select(key => experiment.Draw(key.Fold(0))).ToArray();
        train = Joined(tasks.Select(static task => task.Train));
        test = Joined(tasks.Select(static task => task.Test));
        this.radii = Tensor.From(keys.SelectMany(_ => radii).Select(static radius => (float)radius).ToArray());
        order = Tensor.Stack(1, [.. keys.Select(key => key.Fold(2).Integers([experiment.Steps], 0, experiment.Points))]);
        like = experiment.Student.Init(keys[0]);
        int?[] shared = [.. Enumerable.Repeat<int?>(0, like.Count)];
        perturbed = Loop(Transform.Vmap(a => [.. experiment.Step(like.WithLeaves(a[..^3]), a[^3], a[^2], a[^1]).Leaves], [.. shared, 0, 0, 0]));
        plain = Loop(Transform.Vmap(a => [.. experiment.Step(like.WithLeaves(a[..^3]), a[^3], a[^2], null).Leaves], [.. shared, 0, 0, 0]));
        measure = Transform.Compile(Transform.Vmap(
            a =>
            {
                var (before, features, trainLoss, testLoss) = experiment.Measure(like.WithLeaves(a[..^4]), new(a[^4], a[^3]), new(a[^2], a[^1]));
                return [before, features, trainLoss, testLoss];
            },
            [.. shared, 0, 0, 0, 0]));
    }

    /// <summary>ρ of the students of each seed.</summary>
    public IReadOnlyList<double> Radii { get; }

    /// <summary>The first weights, students along axis 0: seed after seed, and of each its radii.</summary>
    public Parameters Init()
    {
        var starts = keys.SelectMany(key => Enumerable.Repeat(experiment.Student.Init(key.Fold(1)), Radii.Count)).ToArray();
        var all = Parameters.Stack(starts);
        Tensor.Evaluate(all);
        return all;
    }

    /// <summary>Some steps.</summary>
    /// <param name="students">From <see cref="Init"/> or the last call; stays valid.</param>
    /// <param name="first">The number of the first step, from 0: it decides which points are seen, and whether the step is sharpness-aware.</param>
    /// <param name="count">How many steps; together not more than the experiment has.</param>
    public Parameters Advance(Parameters students, int first, int count)
    {
        ArgumentNullException.ThrowIfNull(students);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + count, experiment.Steps, nameof(count));
        var sharp = Math.Clamp(experiment.PerturbedSteps - first, 0, count);
        return Run(plain, Run(perturbed, students, first, sharp), first + sharp, count - sharp);
    }

    /// <summary>Pre-activations and features [students, points, units], losses on both sets [students].</summary>
    public (Tensor Preactivations, Tensor Features, Tensor TrainLoss, Tensor TestLoss) Measure(Parameters students)
    {
        ArgumentNullException.ThrowIfNull(students);
        var found = measure([.. students.Leaves, train.Input, train.Target, test.Input, test.Target]);
        return (found[0], found[1], found[2], found[3]);
    }

    private static Func<Tensor[], Tensor[]> Loop(Func<Tensor[], Tensor[]> step) => Transform.Compile(
        a => Transform.Scan((carry, seen) => (step([.. carry, seen[0], seen[1], a[^3]]), []), a[..^3], [a[^2], a[^1]]).Carry);

    private Batch Joined(IEnumerable<Batch> tasks)
    {
        var all = tasks.ToArray();
        return new([.. Enumerable.Range(0, 2).Select(column => Tensor.Stack(0, [.. all.SelectMany(task => Enumerable.Repeat(task[column], Radii.Count))]))]);
    }

    private Parameters Run(Func<Tensor[], Tensor[]> loop, Parameters students, int first, int count)
    {
        if (count == 0) return students;
        var (x, y) = Seen(first, count);
        return students.WithLeaves(loop([.. students.Leaves, radii, x, y]));
    }

    // The point of each student at each step: [steps, students, 1, …].
    private (Tensor X, Tensor Y) Seen(int first, int count)
    {
        var each = order.Narrow(0, first, count).Repeat(Radii.Count, 1);
        return (Of(train.Input), Of(train.Target));

        Tensor Of(Tensor column)
        {
            var (students, width) = (column.Shape[0], column.Shape[2]);
            return column.Unsqueeze(0).BroadcastTo([count, .. column.Shape]).TakeAlong(each.Reshape([count, students, 1, 1]).BroadcastTo([count, students, 1, width]), 2);
        }
    }
}
