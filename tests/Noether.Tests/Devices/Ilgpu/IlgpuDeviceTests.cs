using Noether.Devices;
using Noether.Primitives;
using static Noether.Transform;

namespace Noether.Tests.Devices.Ilgpu;

[TestFixtureSource(typeof(DeviceLane), nameof(DeviceLane.Lanes))]
[Parallelizable(ParallelScope.Self)]
public sealed class IlgpuDeviceTests(string lane)
{
    private Device device = null!;

    [OneTimeSetUp]
    public void Open() => device = DeviceLane.Open(lane);

    [Test]
    public void Values_of_every_type_survive_the_way_there_and_back([Values] DType type)
    {
        var x = Tensor.From([0.0, 1, -2.5, 1e6, 7], device: Device.Host).To(type);
        var there = x.To(device);
        Assert.That(there.Device, Is.SameAs(device));
        Assert.That(there.DType, Is.EqualTo(type));
        Assert.That(there.To(Device.Host).ToArray<double>(), Is.EqualTo(x.ToArray<double>()));
        Assert.That(there.ToArray<double>(), Is.EqualTo(x.ToArray<double>()));
    }

    [Test]
    public void Strided_and_empty_tensors_move_too()
    {
        var x = Tensor.Arange(24, device: Device.Host).Reshape(2, 3, 4);
        var there = x.To(device).Permute(2, 0, 1).Narrow(0, 1, 2);
        Assert.That(there.To(Device.Host).ToArray<int>(), Is.EqualTo(x.Permute(2, 0, 1).Narrow(0, 1, 2).ToArray<int>()));
        Assert.That(Tensor.Zeros([0, 3], device: device).To(Device.Host).Shape, Is.EqualTo(Shape.Create([0, 3])));
    }

    [Test]
    public void Operands_on_two_devices_are_refused_by_name()
    {
        var x = Tensor.Ones([2], device: Device.Host);
        var y = Tensor.Ones([2], device: device);
        Assert.That(
            () => x + y,
            Throws.TypeOf<DeviceException>().With.Message.EqualTo($"Add: operands are on different devices: [2] on host, [2] on {device.Name}; move one with To(device)"));
    }

    [Test]
    public void More_axes_than_a_kernel_takes_are_copied_piece_by_piece()
    {
        var x = Tensor.Arange(1024, device: Device.Host).Reshape(Shape.Create([.. Enumerable.Repeat(2, 10)]));
        int[] reversed = [.. Enumerable.Range(0, 10).Reverse()];
        var expected = (x.Permute(reversed) + 1).ToArray<int>();
        Assert.That((x.To(device).Permute(reversed) + 1).ToArray<int>(), Is.EqualTo(expected));
        Assert.That(x.To(device).Permute(reversed).Reshape(-1).ToArray<int>(), Is.EqualTo(x.Permute(reversed).Reshape(-1).ToArray<int>()));
    }

    [Test]
    public void Indices_outside_are_clamped()
    {
        var x = Tensor.From([1, 2, 3], device: device);
        var index = Tensor.From([-1, 5, 1], device: device);
        Assert.That(Tensor.Apply(new Take(0), x, index).ToArray<int>(), Is.EqualTo(new[] { 1, 3, 2 }));
    }

    // OpenCL stays in order.
    [Test]
    public void The_gradient_of_a_gather_by_atomic_additions_is_the_hosts_but_for_the_order()
    {
        Tensor x = Sampling.Values([7, 4]), weights = Sampling.Values([60, 4], -1, 1, 2), index = Sampling.Indices([60], 7);
        Tensor Gradient(Device on) => Transform.Grad(x => (x.Take(index.To(on)) * weights.To(on)).Sum())(x.To(on));
        device.ScatterOrder = ScatterOrder.Atomic;
        try
        {
            Assert.That(Gradient(device).ToArray<double>(), Is.EqualTo(Gradient(Device.Host).ToArray<double>()).Within(1e-13));
        }
        finally
        {
            device.ScatterOrder = ScatterOrder.Ordered;
        }
    }

    [Test]
    public void Bfloat16_is_stored_and_computed_as_on_the_host()
    {
        var x = Sampling.Values([37]).To(DType.BFloat16);
        var there = x.To(device);
        Assert.That((there * 3 + 1).ToArray<float>(), Is.EqualTo((x * 3 + 1).ToArray<float>()));
        var index = Tensor.From([3, 0, 3], device: Device.Host);
        Assert.That(
            Tensor.Concatenate(0, there, Tensor.Apply(new Take(0), there, index.To(device))).ToArray<float>(),
            Is.EqualTo(Tensor.Concatenate(0, x, Tensor.Apply(new Take(0), x, index)).ToArray<float>()));
    }

    [Test]
    public void A_primitive_without_kernels_and_definition_is_computed_on_the_host()
    {
        var x = Sampling.Values([3, 4]);
        var expected = x.Transpose().ToArray<double>().Select(v => 2 * v);
        Assert.That(device.Runs(new HostOnly()), Is.False);
        Assert.That(Tensor.Apply(new HostOnly(), x.To(device).Transpose()).ToArray<double>(), Is.EqualTo(expected));
        Assert.That(Tensor.Apply(new HostOnly(), Tensor.Zeros([0, 2], DType.Float64, device)).ToArray<double>(), Is.Empty);
    }

    [Test]
    public void Two_layers_learn_as_on_the_host()
    {
        Assert.That(Trained(device), Is.EqualTo(Trained(Device.Host)).Within(1e-12));
    }

    [Test]
    public void Random_bits_are_the_hosts_to_the_bit()
    {
        var key = Tensor.From([11, -7, 3, 4], [2, 2], Device.Host);
        var primitive = new RandomBits([3, 7]);
        Assert.That(Tensor.Apply(primitive, key.To(device)).ToArray<int>(), Is.EqualTo(Tensor.Apply(primitive, key).ToArray<int>()));
    }

    [Test]
    public void A_request_beyond_the_memory_is_refused_with_sizes()
    {
        var budget = Memory.Budget(device);
        Memory.SetBudget(1 << 20, device);
        try
        {
            Assert.That(
                () => Tensor.Zeros([1 << 20], DType.Float64, device).Evaluate(),
                Throws.TypeOf<MemoryException>().With.Message.Contains(device.Name));
        }
        finally
        {
            Memory.SetBudget(budget, device);
        }
    }

    [Test]
    public void Blocks_return_to_the_pool_and_are_given_back()
    {
        Tensor.Ones([1 << 12], device: device).Sum().Item();
        Memory.Trim(device);
        Assert.That(Memory.Pooled(device), Is.Zero);
        Assert.That(Tensor.Ones([5], device: device).Sum().Item(), Is.EqualTo(5));
    }

    // Three steps of gradient descent on a hidden layer of tanh with softmax cross-entropy; all parameters, flat.
    private static double[] Trained(Device on)
    {
        Tensor Values(Shape shape, int seed) => Sampling.Values(shape, -1, 1, seed).To(on);
        Tensor x = Values([6, 5], 1), labels = Tensor.From([0, 1, 2, 1, 0, 2], device: on);
        var w = new[] { Values([5, 4], 2), Values([4], 3), Values([4, 3], 4), Values([3], 5) };
        Tensor Loss(Tensor[] p)
        {
            var scores = (x.MatMul(p[0]) + p[1]).Tanh().MatMul(p[2]) + p[3];
            var shifted = scores - scores.Max(1, keepAxis: true).StopGradient();
            var logs = shifted - shifted.Exp().Sum(1, keepAxis: true).Log();
            return -logs.TakeAlong(labels.Reshape(6, 1), 1).Mean();
        }

        var step = Compile((Tensor[] p) =>
        {
            var gradients = Grad(Loss)(p);
            return [.. p.Zip(gradients, (a, g) => a - 0.5 * g)];
        });
        for (var i = 0; i < 3; i++) w = step(w);
        return [.. w.SelectMany(p => p.ToArray<double>())];
    }

    private sealed record HostOnly : Primitive
    {
        internal override TensorType[] Infer(Tensor[] x) => [new(x[0].Shape, x[0].DType)];

        internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx) => [null];

        internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => throw new NotSupportedException();

        internal override unsafe void Evaluate(Device device, View[] x, View[] y)
        {
            Assert.That(device, Is.SameAs(Device.Host));
            double* from = (double*)x[0].Storage.Handle + x[0].Layout.Offset, to = (double*)y[0].Storage.Handle;
            for (var i = 0; i < x[0].Size; i++) to[i] = 2 * from[i];
        }
    }
}
