namespace Noether;

/// <summary>The content of an IDX file of unsigned bytes: images and labels of MNIST.</summary>
/// <param name="Shape">For example [60000, 28, 28].</param>
/// <param name="Bytes">One byte an element, row-major.</param>
public sealed record IdxBytes(Shape Shape, byte[] Bytes);
