using Noether.Nn;

namespace Noether.Models.SharpnessAware;

/// <summary>
/// The experiment that shows how sharpness-aware minimisation lowers the rank of features: a wide network of two layers learns a narrow one from few points,
/// one point a step, with the perturbed gradient during the first half of the steps only.
/// </summary>
/// <remarks>Andriushchenko et al. (2023), section 5; numbers as their code has them. Inputs are normal and then of unit length.</remarks>
public sealed record TeacherStudent
{
    private const string Hidden = "0", Features = "1";

    /// <summary>Points to learn from.</summary>
    public int Points { get; init; } = 20;

    /// <summary>Points to test with.</summary>
    public int TestPoints { get; init; } = 1000;

    /// <summary>The dimension of a point.</summary>
    public int Inputs { get; init; } = 3;

    /// <summary>Units of the teacher: their weights have unit length, their outputs count ±1, all its biases are normal.</summary>
    public int TeacherUnits { get; init; } = 3;

    /// <summary>Units of the student.</summary>
    public int Units { get; init; } = 100;

    /// <summary>Of both.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>The standard deviation of all the student's first parameters.</summary>
    public double InitialDeviation { get; init; } = 0.3;

    /// <summary>η.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>How many steps the experiment takes.</summary>
    public int Steps { get; init; } = 19_953;

    /// <summary>How many of them, the first ones, are sharpness-aware.</summary>
    public int PerturbedSteps => Steps / 2 + 1;

    /// <summary>Descends <see cref="GradientNormPenalty"/> instead: ρ is then its weight.</summary>
    public bool Penalty { get; init; }

    /// <summary>The student: [batch, inputs] to [batch, 1].</summary>
    public Sequential Student
    {
        get
        {
            var normal = Initializer.Normal(0, InitialDeviation);
            return new(
                new Linear(Inputs, Units) { WeightInitializer = normal, BiasInitializer = normal },
                Activation,
                new Linear(Units, 1) { WeightInitializer = normal, BiasInitializer = normal });
        }
    }

    /// <summary>Points and targets [points, inputs], [points, 1]: to learn from, and to test with.</summary>
    /// <param name="key">Decides points and teacher.</param>
    public (Batch Train, Batch Test) Draw(RandomKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var keys = key.Split(3);
        var (first, second) = (new Linear(Inputs, TeacherUnits) { WeightInitializer = Initializer.Normal(), BiasInitializer = Initializer.Normal() },
            new Linear(TeacherUnits, 1) { WeightInitializer = Initializer.Normal(), BiasInitializer = Initializer.Normal() });
        var teacher = new Sequential(first, Activation, second);
        var weights = teacher.Init(keys[0]);
        weights = weights.With("0.weight", weights["0.weight"] / weights["0.weight"].Norm(1, keepAxis: true)).With("2.weight", weights["2.weight"].Sign());
        return (Labelled(keys[1], Points), Labelled(keys[2], TestPoints));

        Batch Labelled(RandomKey own, int count)
        {
            var x = own.Normal([count, Inputs]);
            x /= x.Norm(1, keepAxis: true);
            return new(x, teacher.Apply(weights, x));
        }
    }

    /// <summary>One step on one point.</summary>
    /// <param name="parameters">The student's.</param>
    /// <param name="x">[1, inputs].</param>
    /// <param name="y">[1, 1].</param>
    /// <param name="radius">ρ without axes; null: plain descent.</param>
    public Parameters Step(Parameters parameters, Tensor x, Tensor y, Tensor? radius)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var student = Student;
        Tensor Error(Parameters p) => Loss.MeanSquared(student.Apply(p, x), y);
        Func<Parameters, Tensor> loss = radius is not null && Penalty ? GradientNormPenalty.Of(Error, radius) : Error;
        var sam = new Sam(new Sgd { LearningRate = LearningRate }, 0);
        var gradient = radius is null || Penalty
            ? Transform.Grad(loss)(parameters)
            : sam.Gradient(p => (Error(p), Parameters.Empty), parameters, radius.To(DType.Float64)).Gradient;
        return sam.Base.Step(parameters, gradient, sam.Init(parameters)).Parameters;
    }

    /// <summary>What a student is on the points: pre-activations and features [points, units], and its mean squared errors.</summary>
    /// <param name="parameters">The student's.</param>
    /// <param name="train">Points that it learns from.</param>
    /// <param name="test">Points that it does not see.</param>
    public (Tensor Preactivations, Tensor Features, Tensor TrainLoss, Tensor TestLoss) Measure(Parameters parameters, Batch train, Batch test)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        var layers = LayerFeatures.Of(Student, parameters, Parameters.Empty, train.Input);
        return (layers[Hidden], layers[Features], Loss.MeanSquared(layers["2"], train.Target), Loss.MeanSquared(Student.Apply(parameters, test.Input), test.Target));
    }
}
