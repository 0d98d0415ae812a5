using Noether.Devices;
using Noether.Devices.Ilgpu;

namespace Noether.Tests.Devices;

public sealed class DeviceChoiceTests
{
    [TestCase("host", "Host", null)]
    [TestCase("CPU", "Host", null)]
    [TestCase("cuda", "Cuda", null)]
    [TestCase(" Cuda:0 ", "Cuda", 0)]
    [TestCase("cuda:12", "Cuda", 12)]
    [TestCase("OpenCL:1", "OpenCL", 1)]
    [TestCase("simulator", "Simulator", null)]
    public void Names_are_read_in_any_case(string name, string kind, int? index) =>
        Assert.That(DeviceName.Parse(name), Is.EqualTo(new DeviceName(Enum.Parse<DeviceKind>(kind), index)));

    [TestCase("gpu")]
    [TestCase("cuda:")]
    [TestCase("cuda:-1")]
    [TestCase("cuda:1:2")]
    [TestCase("cuda:x")]
    [TestCase("cuda: 1")]
    [TestCase("host:0")]
    [TestCase("simulator:0")]
    public void Other_names_are_refused_with_the_list_of_names(string name) =>
        Assert.That(
            () => Device.Open(name),
            Throws.TypeOf<DeviceException>().With.Message.EqualTo($"Device: '{name}' is not a device's name; names are host, cuda, cuda:N, opencl, opencl:N, simulator"));

    [Test]
    public void An_absent_device_is_refused_with_what_is_present([Values("cuda:99", "opencl:99")] string name)
    {
        var error = Assert.Throws<DeviceException>(() => Device.Open(name));
        Assert.That(error!.Message, Does.StartWith($"Device: {name} is not there"));
        foreach (var entry in Accelerators.Present) Assert.That(error.Message, Does.Contain(entry.ToString()));
        Assert.That(error.Message, Does.Contain("host"));
    }

    [Test]
    public void The_host_and_the_simulator_are_always_there()
    {
        Assert.That(Device.Open("host"), Is.SameAs(Device.Host));
        Assert.That(Device.Open("simulator"), Is.SameAs(Device.Open("Simulator")));
        Assert.That(Device.Open("simulator").Name, Is.EqualTo("simulator"));
    }

    [Test]
    public void All_lists_the_host_first_and_never_the_simulator()
    {
        var all = Device.All;
        Assert.That(all[0], Is.SameAs(Device.Host));
        Assert.That(all.Select(device => device.Name), Is.Unique.And.No.Member("simulator"));
        Assert.That(Device.All, Is.EqualTo(all), "one object a device");
    }

    [Test]
    public void The_environment_names_the_default()
    {
        Assert.That(Device.Choose("host"), Is.SameAs(Device.Host));
        Assert.That(Device.Choose("simulator").Name, Is.EqualTo("simulator"));
        Assert.That(
            () => Device.Choose("tpu"),
            Throws.TypeOf<DeviceException>().With.Message.StartsWith("NOETHER_DEVICE=tpu: Device: 'tpu' is not a device's name"));
        Assert.That(() => Device.Choose("cuda:99"), Throws.TypeOf<DeviceException>().With.Message.StartsWith("NOETHER_DEVICE=cuda:99: Device: cuda:99 is not there"));
    }

    [Test]
    public void Unless_named_the_default_is_a_gpu_or_the_host([Values(null, "", " ")] string? named)
    {
        var device = Device.Choose(named);
        var isGpu = Accelerators.Present.Any(entry => !entry.IsProcessor);
        if (isGpu) Assert.That(device.Name, Does.StartWith("cuda").Or.StartWith("opencl").Or.EqualTo("host"));
        else Assert.That(device, Is.SameAs(Device.Host));
    }

    [TestCase("Atomic", ScatterOrder.Atomic)]
    [TestCase("ordered", ScatterOrder.Ordered)]
    [TestCase("any", ScatterOrder.Ordered)]
    [TestCase(null, ScatterOrder.Ordered)]
    public void The_environment_chooses_how_scatters_add(string? name, ScatterOrder order) => Assert.That(Device.ScatterOrderOf(name), Is.EqualTo(order));
}
