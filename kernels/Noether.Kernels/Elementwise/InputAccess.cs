namespace Noether.Kernels.Elementwise;

/// <summary>How an input's elements lie to the traversal.</summary>
public enum InputAccess
{
    /// <summary>Element i at i.</summary>
    Contiguous,

    /// <summary>One element for all: the view's first.</summary>
    Single,

    /// <summary>By an index map that is given at the launch.</summary>
    Strided,
}
