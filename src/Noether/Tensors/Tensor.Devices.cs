namespace Noether;

public sealed partial class Tensor
{
    /// <summary>The same values on another device; evaluates and copies unless it is there already.</summary>
    /// <exception cref="TransformException">The tensor is traced: move data before a transform.</exception>
    public Tensor To(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (device == Device) return this;
        var array = this.ToHostArray();
        return array.ToTensor(device);
    }
}
