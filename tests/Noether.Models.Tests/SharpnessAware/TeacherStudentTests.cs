using Noether.Models.SharpnessAware;
using Noether.Nn;

namespace Noether.Models.Tests.SharpnessAware;

public sealed class TeacherStudentTests
{
    private static readonly TeacherStudent Experiment = new() { Points = 6, TestPoints = 9, Units = 7, Steps = 9 };
    private static readonly RandomKey[] Keys = [RandomKey.From(1), RandomKey.From(2)];

    [Test]
    public void Each_student_takes_the_steps_of_its_seed_and_radius([Values] bool penalty)
    {
        var (experiment, radii) = (Experiment with { Penalty = penalty }, (double[])[0, 0.2]);
        var sweep = new TeacherStudentSweep(experiment, Keys, radii);
        var students = sweep.Advance(sweep.Advance(sweep.Init(), 0, 3), 3, 6);
        for (var s = 0; s < Keys.Length; s++)
        {
            var (train, _) = experiment.Draw(Keys[s].Fold(0));
            var order = Keys[s].Fold(2).Integers([9], 0, 6).ToArray<int>();
            for (var r = 0; r < radii.Length; r++)
            {
                var p = experiment.Student.Init(Keys[s].Fold(1));
                for (var step = 0; step < 9; step++)
                    p = experiment.Step(p, train.Input.Narrow(0, order[step], 1), train.Target.Narrow(0, order[step], 1), step < 5 ? Tensor.From(radii[r]) : null);
                Assert.That((students.Unstack(s * 2 + r) - p).Norm().Item(), Is.LessThan(1e-5), $"seed {s}, ρ = {radii[r]}");
            }
        }
    }

    [Test]
    public void A_step_is_that_of_the_method_on_one_point()
    {
        var (train, _) = Experiment.Draw(Keys[0]);
        var (p, x, y) = (Experiment.Student.Init(RandomKey.From(3), DType.Float64), train.Input.Narrow(0, 0, 1).To(DType.Float64), train.Target.Narrow(0, 0, 1).To(DType.Float64));
        var sgd = new Sgd { LearningRate = Experiment.LearningRate };
        var sam = new Sam(sgd, 0.3).Step(q => Loss.MeanSquared(Experiment.Student.Apply(q, x), y), p, sgd.Init(p));
        Assert.That((Experiment.Step(p, x, y, Tensor.From(0.3, DType.Float64)) - sam.Parameters).Norm().Item(), Is.LessThan(1e-14));
    }

    [Test]
    public void Points_have_length_one_and_the_teacher_is_as_narrow_as_said()
    {
        var (train, test) = (Experiment with { TestPoints = 500, TeacherUnits = 1 }).Draw(Keys[0]);
        // one rectified unit: where it is off, all targets are the same number
        var targets = test.Target.ToArray<float>();
        var off = targets.GroupBy(static y => y).Max(static group => group.Count());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(train.Input.Norm(1).ToArray<float>(), Has.All.EqualTo(1).Within(1e-6));
            Assert.That(off, Is.GreaterThan(20).And.LessThan(500));
            Assert.That(targets.Max() - targets.Min(), Is.LessThanOrEqualTo(2 + 1e-5), "weights and points of length one, an output of ±1");
        }
    }

    [Test]
    public void The_first_half_of_the_steps_and_one_more_are_perturbed()
    {
        var sweep = new TeacherStudentSweep(Experiment, Keys, [0, 0.5]);
        var students = sweep.Init();
        Assert.That(Experiment.PerturbedSteps, Is.EqualTo(5));
        Assert.That(new TeacherStudent().PerturbedSteps, Is.EqualTo(9977), "as the published code counts");
        var after = sweep.Advance(students, 5, 4);
        Assert.That((after.Unstack(0) - after.Unstack(1)).Norm().Item(), Is.Zero, "the second half is plain descent");
        Assert.That(() => sweep.Advance(students, 5, 5), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Larger_radii_leave_features_of_lower_rank()
    {
        var experiment = new TeacherStudent { Steps = 4000 };
        var sweep = new TeacherStudentSweep(experiment, Keys, [0, 0.2, 0.5]);
        var features = sweep.Measure(sweep.Advance(sweep.Init(), 0, 4000)).Features;
        var ranks = FeatureSpectrum.OfEach(features, Centring.None).Select(static each => each.Rank(0.9999)).ToArray();
        using (Assert.EnterMultipleScope())
        {
            for (var s = 0; s < Keys.Length; s++)
            {
                int[] own = ranks[(3 * s)..(3 * s + 3)];
                Assert.That(own, Is.Ordered.Descending, string.Join(", ", own));
                Assert.That(own[2], Is.LessThan(own[0] - 2));
            }
        }
    }
}
