using ILGPU.Runtime;

namespace Noether.Kernels.Tests;

public class AcceleratorCatalogueTests
{
    [Test]
    public void An_absent_accelerator_is_named_with_what_is_present([Values] AcceleratorKind kind)
    {
        using var catalogue = AcceleratorCatalogue.Open();
        var absent = Assert.Throws<AcceleratorAbsentException>(() => catalogue.Create(kind, 99));
        Assert.That(absent!.Message, Does.StartWith($"{kind.ToString().ToLowerInvariant()}:99 is not there"));
        Assert.That(absent.Message, Does.Contain(catalogue.Entries.Count == 0 ? "no accelerator is present" : catalogue.Entries[0].ToString()));
    }

    [Test]
    public void Without_a_driver_the_reason_is_given()
    {
        using var catalogue = AcceleratorCatalogue.Open();
        if (catalogue.Entries.Any(entry => entry.Kind == AcceleratorKind.Cuda)) Assert.Ignore("this machine has a CUDA device");
        Assert.That(() => catalogue.Create(AcceleratorKind.Cuda), Throws.TypeOf<AcceleratorAbsentException>().With.Message.Contains("("));
    }

    [Test]
    public void The_simulator_runs_groups_of_256_threads()
    {
        using var simulator = AcceleratorCatalogue.CreateSimulator();
        using var context = simulator.Context;
        Assert.That(simulator.AcceleratorType, Is.EqualTo(AcceleratorType.CPU));
        Assert.That(simulator.MaxNumThreadsPerGroup, Is.EqualTo(256));
    }
}
