namespace Noether.Nn.Tests;

public class ScheduleTests
{
    // Schedules are evaluated in float64 with functions accurate to a few ulp.
    private const double Tolerance = 1e-14;

    [Test]
    public void A_number_is_a_constant_schedule()
    {
        Schedule schedule = 0.1;
        Assert.That(schedule.At(0), Is.EqualTo(0.1));
        Assert.That(schedule.At(1_000_000), Is.EqualTo(0.1));
        Assert.That(schedule, Is.EqualTo(new ConstantSchedule(0.1)));
    }

    [TestCase(0, 1.0)]
    [TestCase(5, 0.6)]
    [TestCase(10, 0.2)]
    [TestCase(99, 0.2)]
    public void A_linear_schedule_goes_straight_and_stays(int step, double expected) =>
        Assert.That(new LinearSchedule(1, 0.2, 10).At(step), Is.EqualTo(expected).Within(Tolerance));

    [TestCase(0, 1.0)]
    [TestCase(25, 0.1 + 0.45 * (1 + 0.70710678118654757))]
    [TestCase(50, 0.55)]
    [TestCase(100, 0.1)]
    [TestCase(200, 0.1)]
    public void A_cosine_schedule_is_half_a_wave(int step, double expected) =>
        Assert.That(new CosineSchedule(1, 100, 0.1).At(step), Is.EqualTo(expected).Within(Tolerance));

    [TestCase(0, 0.8)]
    [TestCase(9, 0.8)]
    [TestCase(10, 0.4)]
    [TestCase(35, 0.1)]
    public void A_step_schedule_drops_every_so_often(int step, double expected) =>
        Assert.That(new StepSchedule(0.8, 10, 0.5).At(step), Is.EqualTo(expected).Within(Tolerance));

    [TestCase(2, 1.0)]
    [TestCase(3, 0.1)]
    [TestCase(7, 0.01)]
    public void A_milestone_schedule_drops_at_its_milestones(int step, double expected) =>
        Assert.That(new MilestoneSchedule(1, [3, 7]).At(step), Is.EqualTo(expected).Within(Tolerance));

    [Test]
    public void An_exponential_schedule_multiplies_at_every_step() =>
        Assert.That(new ExponentialSchedule(2, 0.9).At(20), Is.EqualTo(2 * Math.Pow(0.9, 20)).Within(Tolerance));

    [TestCase(0, 0.0)]
    [TestCase(2, 0.5)]
    [TestCase(4, 1.0)]
    [TestCase(9, 0.5)]
    public void A_warm_up_rises_to_the_schedule_that_then_begins(int step, double expected) =>
        Assert.That(new WarmUpSchedule(new LinearSchedule(1, 0, 10), 4).At(step), Is.EqualTo(expected).Within(Tolerance));

    [TestCase(1, 0.5)]
    [TestCase(2, 1.0)]
    [TestCase(4, 0.6)]
    [TestCase(7, 7.0)]
    public void Joined_schedules_each_count_from_their_own_beginning(int step, double expected) =>
        Assert.That(new JoinedSchedule([2, 7], 0.5, new LinearSchedule(1, 0, 5), 7).At(step), Is.EqualTo(expected).Within(Tolerance));

    [Test]
    public void Joined_schedules_need_one_more_part_than_ascending_boundaries()
    {
        Assert.That(() => new JoinedSchedule([1], 0.5), Throws.ArgumentException.With.Message.Contains("1 schedules"));
        Assert.That(() => new JoinedSchedule([2, 2], 1, 2, 3), Throws.ArgumentException.With.Message.Contains("ascend"));
        var joined = new JoinedSchedule([2], 1, 2);
        Assert.That(joined, Is.EqualTo(new JoinedSchedule([2], 1, 2)).And.Not.EqualTo(new JoinedSchedule([2], 1, 3)));
        Assert.That(joined.ToString(), Does.Contain("[2]").And.Contain("ConstantSchedule"));
    }

    [Test]
    public void A_compiled_schedule_follows_the_step_tensor()
    {
        var schedule = new WarmUpSchedule(new CosineSchedule(1, 20), 5);
        var compiled = Transform.Compile(step => schedule.At(step));
        for (var step = 0; step < 30; step += 7)
            Assert.That(compiled(Tensor.From(step, DType.Int64)).Item(), Is.EqualTo(schedule.At(step)));
    }
}
