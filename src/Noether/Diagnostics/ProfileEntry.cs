namespace Noether;

/// <summary>All events of one operation from one line of the caller's code.</summary>
/// <param name="Kind">What they are.</param>
/// <param name="Operation">The operation, or the kind; a group's operations in the order they run.</param>
/// <param name="Source">The caller's lines, such as <c>Model.cs:12</c>; empty where they are not known.</param>
/// <param name="Calls">How many.</param>
/// <param name="Time">In them, without what they wait for inside: the steps of a loop's body count for themselves.</param>
/// <param name="Share">Of the recording's time, from 0 to 1; work on several threads may add up to more.</param>
/// <param name="Flops">Floating-point operations by the textbook.</param>
/// <param name="Bytes">Of every operand and result, once each.</param>
public sealed record ProfileEntry(ProfileKind Kind, string Operation, string Source, int Calls, TimeSpan Time, double Share, double Flops, double Bytes)
{
    /// <summary>Floating-point operations a nanosecond.</summary>
    public double GigaFlopsPerSecond => Flops / Time.TotalNanoseconds;

    /// <summary>Bytes read and written a nanosecond.</summary>
    public double GigaBytesPerSecond => Bytes / Time.TotalNanoseconds;

    /// <summary>The host's workers while it was recorded; 0 for other devices, whose limits are not measured.</summary>
    internal int Threads { get; init; }

    internal DType Type { get; init; }

    /// <summary>
    /// The share of what the machine can do, from 0 to 1: of its arithmetic or of its memory, whichever limits the operation. Null for what is not a
    /// step on the host. More than 1 where operands come from caches, which are faster than memory.
    /// </summary>
    /// <remarks>The limits are measured once for each number of threads, when first asked for: about half a second.</remarks>
    public double? ShareOfPeak() => Kind == ProfileKind.Step && Threads > 0 ? Peak.Of(Threads).Share(Flops, Bytes, Type, Time.TotalNanoseconds) : null;
}
