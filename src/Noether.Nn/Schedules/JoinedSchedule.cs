namespace Noether.Nn;

/// <summary>One schedule after another, each counting from its own beginning.</summary>
public sealed record JoinedSchedule : Schedule
{
    private readonly Schedule[] parts;

    /// <summary>Joins schedules.</summary>
    /// <param name="boundaries">The steps, ascending, at which the second, third … schedule begins.</param>
    /// <param name="parts">One more than boundaries.</param>
    public JoinedSchedule(Integers boundaries, params Schedule[] parts)
    {
        if (parts.Length != boundaries.Count + 1)
            throw new ArgumentException($"JoinedSchedule: {parts.Length} schedules need {parts.Length - 1} boundaries, not {boundaries.Count}", nameof(boundaries));
        for (var i = 1; i < boundaries.Count; i++)
        {
            if (boundaries[i] <= boundaries[i - 1]) throw new ArgumentException($"JoinedSchedule: boundaries {boundaries} do not ascend", nameof(boundaries));
        }

        Boundaries = boundaries;
        this.parts = [.. parts];
    }

    /// <summary>The steps at which the second, third … schedule begins.</summary>
    public Integers Boundaries { get; }

    /// <summary>The schedules.</summary>
    public IReadOnlyList<Schedule> Parts => parts;

    /// <inheritdoc/>
    public override Tensor At(Tensor step)
    {
        var value = parts[0].At(step);
        for (var i = 0; i < Boundaries.Count; i++)
            value = Tensor.Select(step >= Boundaries[i], parts[i + 1].At((step - Boundaries[i]).Maximum(0)), value);
        return value;
    }

    /// <inheritdoc/>
    public bool Equals(JoinedSchedule? other) => other is not null && Boundaries.Equals(other.Boundaries) && parts.AsSpan().SequenceEqual(other.parts);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Boundaries, parts.Length, parts[0], parts[^1]);

    /// <inheritdoc/>
    public override string ToString() => $"JoinedSchedule {{ Boundaries = {Boundaries}, Parts = [{string.Join(", ", parts.AsEnumerable())}] }}";
}
