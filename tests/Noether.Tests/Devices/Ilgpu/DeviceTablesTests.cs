using ILGPU.Runtime;
using Noether.Devices.Ilgpu;
using Noether.Kernels;

namespace Noether.Tests.Devices.Ilgpu;

public class DeviceTablesTests
{
    [Test]
    public void Those_used_longest_ago_are_given_up_but_not_what_recordings_read()
    {
        using var accelerator = AcceleratorCatalogue.CreateSimulator();
        using var context = accelerator.Context;
        var tables = new DeviceTables(accelerator, accelerator.DefaultStream, room: 5 * sizeof(int));
        for (var i = 0; i < 5; i++) tables.Add(i, [i]);
        Assert.That(tables.Find(0, isRecording: true), Is.Not.Null); // pinned: the others have all the room
        Assert.That(tables.Find(1, isRecording: false), Is.Not.Null);
        for (var i = 5; i < 8; i++) tables.Add(i, [i]);
        Assert.That(Enumerable.Range(0, 8).Where(i => tables.Find(i, isRecording: false) is not null), Is.EqualTo((int[])[0, 1, 4, 5, 6, 7]));
        Assert.That(tables.Count, Is.EqualTo(6));
        var values = new byte[sizeof(int)];
        tables.Find(7, isRecording: false)!.Value.CopyToCPU(accelerator.DefaultStream, values);
        Assert.That(BitConverter.ToInt32(values), Is.EqualTo(7));
    }
}
