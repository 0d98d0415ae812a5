namespace Noether.Nn;

/// <summary>An exponential moving average of parameters: <c>a ← a + (1 - decay)(p - a)</c>. It begins as the parameters themselves.</summary>
/// <param name="Decay">Near 1 for a long memory.</param>
public sealed record MovingAverage(double Decay)
{
    /// <summary>The average after one more value.</summary>
    /// <exception cref="ParameterException">Names differ.</exception>
    public Parameters Update(Parameters average, Parameters parameters) => average.Zip(parameters, (a, p) => a + (p - a) * (1 - Decay));
}
