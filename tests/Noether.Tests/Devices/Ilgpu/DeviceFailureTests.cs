using Noether.Devices;
using Noether.Devices.Ilgpu;
using Noether.Graphs;
using Noether.Kernels.Cuda;
using Noether.Primitives;

namespace Noether.Tests.Devices.Ilgpu;

public sealed class DeviceFailureTests
{
    [Test]
    public void A_step_that_the_driver_refuses_is_named_with_its_operands_and_the_devices_limits()
    {
        var device = Device.Open("simulator");
        var x = Tensor.Ones([2, 3], DType.Float64, device);
        var error = Assert.Throws<DeviceException>(() => Tensor.Apply(new Refused(CudaResult.LaunchOutOfResources), x).Evaluate());
        Assert.That(error!.Message, Does.StartWith("simulator: Refused(float64[2, 3]) failed: LaunchOutOfResources (CUDA code 701): "));
        Assert.That(error.Message, Does.Contain("256 threads and").And.Contain("of shared memory a group"));
        Assert.That(error.InnerException, Is.TypeOf<CudaDriverException>());
        Assert.That((x + 1).ToArray<double>(), Is.All.EqualTo(2), "the device goes on");
    }

    [Test]
    public void A_fault_that_ends_the_context_says_so()
    {
        var text = DeviceFailure.Describe("download", new CudaDriverException("cuStreamSynchronize", CudaResult.IllegalAddress), null);
        Assert.That(text, Does.StartWith("download failed: IllegalAddress (CUDA code 700): a kernel read or wrote outside its memory"));
        Assert.That(text, Does.EndWith("start it again"));
        Assert.That(DeviceFailure.Describe("download", new CudaDriverException("cuMemAlloc", CudaResult.OutOfMemory), null), Does.Not.Contain("start it again"));
    }

    [Test]
    public void Only_errors_of_drivers_and_compilers_are_explained()
    {
        Assert.That(DeviceFailure.Is(new CudaDriverException("cuInit", CudaResult.NoDevice)), Is.True);
        Assert.That(DeviceFailure.Is(new ILGPU.InternalCompilerException()), Is.True);
        Assert.That(DeviceFailure.Is(new ShapeException("Add: …")), Is.False);
        Assert.That(DeviceFailure.Is(new InvalidOperationException()), Is.False);
    }

    [Test]
    public void Steps_queued_since_the_last_wait_are_named_the_latest_of_many()
    {
        var queued = new QueuedSteps();
        Assert.That(queued.ToString(), Is.EqualTo("nothing was queued since the last wait"));
        queued.Add(Step("A"));
        Assert.That(queued.ToString(), Is.EqualTo("queued since the last wait: A"));
        foreach (var name in "BCDEFGH") queued.Add(Step(name.ToString()));
        Assert.That(queued.ToString(), Does.StartWith("queued since the last wait: 2 steps, then C, D, E, F, G, H (Debug.CheckNumerics"));
        queued.Clear();
        queued.Add(Step("Z"));
        Assert.That(queued.ToString(), Is.EqualTo("queued since the last wait: Z"));

        static Step Step(string name) => new(new Named(name), null, [], []);
    }

    [TestCase(CudaResult.NoDevice, "CUDA_VISIBLE_DEVICES")]
    [TestCase(CudaResult.UnsupportedPtxVersion, "install a newer one")]
    [TestCase(CudaResult.StubLibrary, "stub")]
    [TestCase((CudaResult)12345, "CUDA code 12345")]
    public void Codes_of_the_driver_come_with_advice(CudaResult result, string advice) =>
        Assert.That(CudaResults.Describe(result), Does.Contain(advice).And.Contain(((int)result).ToString()));

    private abstract record Bare : Primitive
    {
        internal override TensorType[] Infer(Tensor[] x) => [new(x[0].Shape, x[0].DType)];

        internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx) => [null];

        internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => throw new NotSupportedException();

        internal override void Evaluate(Device device, View[] x, View[] y) => throw new NotSupportedException();
    }

    private sealed record Named(string Text) : Bare
    {
        public override string Name => Text;
    }

    private sealed record Refused(CudaResult Result) : Bare
    {
        internal override void Evaluate(Device device, View[] x, View[] y) => throw new CudaDriverException("cuLaunchKernel", Result);
    }
}
