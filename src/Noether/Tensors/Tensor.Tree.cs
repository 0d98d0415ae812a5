namespace Noether;

public sealed partial class Tensor : ITensorTree<Tensor>
{
    IReadOnlyList<Tensor> ITensorTree<Tensor>.Leaves => [this];

    Tensor ITensorTree<Tensor>.WithLeaves(IReadOnlyList<Tensor> leaves) => leaves[0];
}
