namespace Noether.Kernels.Spectral;

/// <summary>The tables that transforms read.</summary>
public enum FourierTable
{
    /// <summary>cos 2πk/n for k below n, then the sines.</summary>
    Roots,

    /// <summary>The factors of passes in registers, in the order in which neighbouring threads read them; real parts, then imaginary ones.</summary>
    Passes,

    /// <summary>e^(-πi t²/n) for t below n, then the transform of its conjugate, padded; each as real parts, then imaginary ones.</summary>
    Chirp,

    /// <summary>
    /// For a prime number of points: what a real convolution of Rader's multiplies the spectrum of pairs and its conjugate mirror image by; each as real
    /// parts, then imaginary ones.
    /// </summary>
    Convolution,
}
