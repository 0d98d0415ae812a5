using System.Reflection;
using System.Reflection.Emit;
using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Copies;

namespace Noether.Kernels.Elementwise;

internal sealed partial class ElementwiseEmitter
{
    private static readonly Type[] Operands =
        [typeof(long), typeof(ReadOnlySpan<ArrayView<byte>>), typeof(ReadOnlySpan<IndexMap>), typeof(ReadOnlySpan<ArrayView<byte>>), typeof(ReadOnlySpan<long>), typeof(int), typeof(ElementwiseParts)];

    // static Arguments Fill(long count, ReadOnlySpan<ArrayView<byte>> inputs, ReadOnlySpan<IndexMap> maps, ReadOnlySpan<ArrayView<byte>> outputs,
    //     ReadOnlySpan<long> numbers, int aligned, ElementwiseParts parts)
    private MethodBuilder EmitFill(TypeBuilder type)
    {
        var method = type.DefineMethod("Fill", MethodAttributes.Public | MethodAttributes.Static, arguments, Operands);
        var il = method.GetILGenerator();
        var x = il.DeclareLocal(arguments);
        il.Emit(OpCodes.Ldloca, x);
        il.Emit(OpCodes.Initobj, arguments);
        for (var i = 0; i < inputs.Length; i++)
        {
            if (inputs[i] is { } input) EmitView(il, x, input, source: 1, i);
        }

        for (var i = 0; i < outputs.Length; i++) EmitView(il, x, outputs[i], source: 3, i);
        for (var i = 0; i < numbers.Length; i++)
        {
            il.Emit(OpCodes.Ldloca, x);
            il.Emit(OpCodes.Ldarga, (short)4);
            il.Emit(OpCodes.Ldc_I4, i);
            il.Emit(OpCodes.Call, typeof(ReadOnlySpan<long>).GetMethod("get_Item")!);
            il.Emit(OpCodes.Ldind_I8);
            il.Emit(OpCodes.Stfld, numbers[i]);
        }

        var strided = 0;
        foreach (var field in maps)
        {
            if (field is null) continue;
            il.Emit(OpCodes.Ldloca, x);
            il.Emit(OpCodes.Ldarga, (short)2);
            il.Emit(OpCodes.Ldc_I4, strided++);
            il.Emit(OpCodes.Call, typeof(ReadOnlySpan<IndexMap>).GetMethod("get_Item")!);
            il.Emit(OpCodes.Ldobj, typeof(IndexMap));
            if (map == typeof(NarrowIndexMap))
            {
                il.Emit(OpCodes.Ldarg_0);
                il.Emit(OpCodes.Call, typeof(FourAccess).GetMethod(nameof(FourAccess.Narrow))!);
            }

            il.Emit(OpCodes.Stfld, field);
        }

        il.Emit(OpCodes.Ldloca, x);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Stfld, count);
        il.Emit(OpCodes.Ldloca, x);
        il.Emit(OpCodes.Ldarg, (short)5);
        il.Emit(OpCodes.Stfld, aligned);
        if (parts is not null)
        {
            il.Emit(OpCodes.Ldloca, x);
            il.Emit(OpCodes.Ldarg, (short)6);
            il.Emit(OpCodes.Stfld, parts);
        }

        il.Emit(OpCodes.Ldloc, x);
        il.Emit(OpCodes.Ret);
        return method;
    }

    // static void Launch(Action<AcceleratorStream, KernelConfig, Arguments> kernel, AcceleratorStream stream, KernelConfig grid, and what Fill takes)
    private void EmitLaunch(TypeBuilder type, MethodBuilder fill)
    {
        var kernel = typeof(Action<,,>).MakeGenericType(typeof(AcceleratorStream), typeof(KernelConfig), arguments);
        var method = type.DefineMethod(
            "Launch", MethodAttributes.Public | MethodAttributes.Static, typeof(void), [kernel, typeof(AcceleratorStream), typeof(KernelConfig), .. Operands]);
        var il = method.GetILGenerator();
        for (var i = 0; i < 3 + Operands.Length; i++) il.Emit(OpCodes.Ldarg, (short)i);
        il.Emit(OpCodes.Call, fill);
        il.Emit(OpCodes.Callvirt, kernel.GetMethod("Invoke")!);
        il.Emit(OpCodes.Ret);
    }

    private static void EmitView(ILGenerator il, LocalBuilder x, FieldInfo field, short source, int at)
    {
        il.Emit(OpCodes.Ldloca, x);
        il.Emit(OpCodes.Ldarga, source);
        il.Emit(OpCodes.Ldc_I4, at);
        il.Emit(OpCodes.Call, typeof(ReadOnlySpan<ArrayView<byte>>).GetMethod("get_Item")!);
        il.Emit(OpCodes.Ldobj, typeof(ArrayView<byte>));
        il.Emit(OpCodes.Call, typeof(LaneAccess).GetMethod(nameof(LaneAccess.Typed))!.MakeGenericMethod(field.FieldType.GetGenericArguments()));
        il.Emit(OpCodes.Stfld, field);
    }
}
