namespace Noether.Devices;

/// <summary>Functions of the rows of a tensor with a kernel of their own; y and x of one shape, but for LogSumExp.</summary>
internal enum RowFunction
{
    /// <summary>e^x / Σ e^x.</summary>
    Softmax,

    /// <summary>y·(g - Σ g·y), of y and g.</summary>
    SoftmaxGradient,

    /// <summary>x - log Σ e^x.</summary>
    LogSoftmax,

    /// <summary>g - e^y·Σ g, of y and g.</summary>
    LogSoftmaxGradient,

    /// <summary>log Σ e^x, one number a row.</summary>
    LogSumExp,
}
