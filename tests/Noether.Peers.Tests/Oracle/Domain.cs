namespace Noether.Peers.Tests.Oracle;

/// <summary>Where an operand's numbers lie: inside an operation's domain, away from its poles.</summary>
internal enum Domain
{
    /// <summary>Normal, deviation 1.5.</summary>
    Real,

    /// <summary>0.2 to 3.</summary>
    Positive,

    /// <summary>0.2 to 3, of either sign.</summary>
    NonZero,

    /// <summary>-0.95 to 0.95.</summary>
    Unit,

    /// <summary>0.05 to 0.95.</summary>
    Probability,

    /// <summary>1.1 to 4.</summary>
    AboveOne,
}
