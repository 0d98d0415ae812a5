using Noether.Graphs;

namespace Noether;

public sealed partial class Tensor
{
    /// <summary>The same values on another device; evaluates and copies unless it is there already.</summary>
    /// <exception cref="TransformException">The tensor is traced: move data before a transform.</exception>
    public Tensor To(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (device == Device) return this;
        return device.CopiesFrom(Device) ? CopiedTo(device) : this.ToHostArray().ToTensor(device);
    }

    private Tensor CopiedTo(Device device)
    {
        Evaluate();
        lock (Device.Gate)
        {
            var view = Executor.ValueOf(this);
            var dense = view;
            if (!view.Layout.IsContiguous)
            {
                dense = Device.NewView(Shape, DType);
                Device.Copy(view, dense);
            }

            var there = device.NewView(Shape, DType);
            device.CopyFrom(dense, there);
            if (dense != view) dense.Storage.Release();
            GC.KeepAlive(view);
            there.Storage.Keep();
            return new(there);
        }
    }
}
