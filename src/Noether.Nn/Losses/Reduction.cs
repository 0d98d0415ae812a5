namespace Noether.Nn;

/// <summary>What becomes of the losses of a batch.</summary>
public enum Reduction
{
    /// <summary>Their mean (weighted, where the loss has class weights).</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>They stay, one an element.</summary>
    None,
}
