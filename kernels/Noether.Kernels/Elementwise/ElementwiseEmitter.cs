using System.Reflection;
using System.Reflection.Emit;
using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Copies;

namespace Noether.Kernels.Elementwise;

/// <summary>Turns a <see cref="LaneProgram"/> into a kernel: IL that loads, calls the forms in turn over locals, and stores; a thread an element.</summary>
/// <remarks>
/// Each kernel has an assembly of its own with two types. <c>Arguments</c> is a struct of the inputs' views, the outputs' views, the index maps of
/// strided inputs, the numbers, and the count of elements: one parameter, however many operands there are. <c>Program</c> has the kernel and the host method that
/// fills the struct and launches. Emitted assemblies are not collected: ILGPU keeps what it compiled anyway.
/// Straight-line code over lanes is what ILGPU turns into registers only; nested generic calls or loops it does not.
/// </remarks>
internal sealed class ElementwiseEmitter
{
    private static int Emitted;
    private readonly LaneProgram program;
    private readonly FieldInfo[] inputs;
    private readonly FieldInfo?[] maps;
    private readonly FieldInfo[] outputs;
    private readonly FieldInfo[] numbers;
    private readonly FieldInfo count;
    private readonly Type arguments;

    private ElementwiseEmitter(LaneProgram program, ModuleBuilder module)
    {
        this.program = program;
        const TypeAttributes Struct = TypeAttributes.Public | TypeAttributes.Sealed | TypeAttributes.SequentialLayout;
        var builder = module.DefineType("Arguments", Struct, typeof(ValueType));
        for (var i = 0; i < program.Inputs.Count; i++)
            builder.DefineField($"Input{i}", View(program.Inputs[i].Type), FieldAttributes.Public);
        for (var i = 0; i < program.Outputs.Count; i++)
            builder.DefineField($"Output{i}", View(program.TypeOf(program.Outputs[i])), FieldAttributes.Public);
        for (var i = 0; i < program.Inputs.Count; i++)
        {
            if (program.Inputs[i].Access == InputAccess.Strided) builder.DefineField($"Map{i}", typeof(IndexMap), FieldAttributes.Public);
        }

        for (var i = 0; i < program.Numbers; i++) builder.DefineField($"Number{i}", typeof(long), FieldAttributes.Public);
        builder.DefineField("Count", typeof(long), FieldAttributes.Public);
        arguments = builder.CreateType();
        inputs = [.. program.Inputs.Select((_, i) => arguments.GetField($"Input{i}")!)];
        maps = [.. program.Inputs.Select((_, i) => arguments.GetField($"Map{i}"))];
        outputs = [.. program.Outputs.Select((_, i) => arguments.GetField($"Output{i}")!)];
        numbers = [.. Enumerable.Range(0, program.Numbers).Select(i => arguments.GetField($"Number{i}")!)];
        count = arguments.GetField("Count")!;
    }

    /// <summary>Emits the program. The result has the static methods <c>Kernel</c> and <c>Launch</c>.</summary>
    /// <exception cref="ArgumentException">The program stores nothing.</exception>
    public static (Type Arguments, MethodInfo Kernel, MethodInfo Launch) Emit(LaneProgram program)
    {
        if (program.Outputs.Count == 0) throw new ArgumentException("ElementwiseEmitter: the program has no output");
        var name = $"Noether.Elementwise{Interlocked.Increment(ref Emitted)}";
        var module = AssemblyBuilder.DefineDynamicAssembly(new(name), AssemblyBuilderAccess.Run).DefineDynamicModule(name);
        var emitter = new ElementwiseEmitter(program, module);
        var type = module.DefineType("Program", TypeAttributes.Public | TypeAttributes.Sealed | TypeAttributes.Abstract);
        emitter.EmitKernel(type);
        emitter.EmitLaunch(type);
        var created = type.CreateType();
        return (emitter.arguments, created.GetMethod("Kernel")!, created.GetMethod("Launch")!);
    }

    private static Type View(ElementType type) => typeof(ArrayView<>).MakeGenericType(ElementTypes.Memory(type));

    // static void Kernel(Arguments x)
    private void EmitKernel(TypeBuilder type)
    {
        var method = type.DefineMethod("Kernel", MethodAttributes.Public | MethodAttributes.Static, typeof(void), [arguments]);
        var il = method.GetILGenerator();
        var index = il.DeclareLocal(typeof(long));
        var end = il.DefineLabel();
        il.Emit(OpCodes.Call, typeof(LaneAccess).GetProperty(nameof(LaneAccess.Index))!.GetMethod!);
        il.Emit(OpCodes.Stloc, index);
        il.Emit(OpCodes.Ldloc, index);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, count);
        il.Emit(OpCodes.Bge, end);

        var registers = new LocalBuilder[program.Instructions.Count];
        for (var i = 0; i < registers.Length; i++)
        {
            var instruction = program.Instructions[i];
            registers[i] = il.DeclareLocal(ElementTypes.Lane(instruction.Type));
            EmitInstruction(il, instruction, registers, index);
            il.Emit(OpCodes.Stloc, registers[i]);
        }

        for (var i = 0; i < outputs.Length; i++)
        {
            var register = program.Outputs[i];
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, outputs[i]);
            il.Emit(OpCodes.Ldloc, index);
            il.Emit(OpCodes.Ldloc, registers[register]);
            il.Emit(OpCodes.Call, Access(nameof(LaneAccess.Store), outputs[i].FieldType, typeof(long), registers[register].LocalType));
        }

        il.MarkLabel(end);
        il.Emit(OpCodes.Ret);
    }

    private void EmitInstruction(ILGenerator il, LaneInstruction instruction, LocalBuilder[] registers, LocalBuilder index)
    {
        foreach (var argument in instruction.Arguments) il.Emit(OpCodes.Ldloc, registers[argument]);
        switch (instruction.Operation)
        {
            case LaneOperation.Load:
                EmitLoad(il, (int)instruction.Number, index);
                return;
            case LaneOperation.Constant:
                EmitConstant(il, instruction);
                break;
            case LaneOperation.Number:
                il.Emit(OpCodes.Ldarg_0);
                il.Emit(OpCodes.Ldfld, numbers[(int)instruction.Number]);
                il.Emit(OpCodes.Call, typeof(LaneAccess).GetMethod($"{Arithmetic(instruction.Type)}Of")!);
                break;
            case LaneOperation.Iota:
                il.Emit(OpCodes.Ldloc, index);
                if (instruction.Type == ElementType.Int32) il.Emit(OpCodes.Conv_I4);
                il.Emit(OpCodes.Call, Access(nameof(LaneAccess.Of), ElementTypes.Memory(instruction.Type)));
                return;
            case LaneOperation.Call:
                il.Emit(OpCodes.Call, instruction.Form!);
                break;
            case LaneOperation.Ask:
                il.Emit(OpCodes.Call, instruction.Form!);
                il.Emit(OpCodes.Call, Access(nameof(LaneAccess.Truth), registers[instruction.Arguments[0]].LocalType));
                return;
            case LaneOperation.Select:
                var lane = ElementTypes.Lane(instruction.Type);
                il.Emit(OpCodes.Call, Access(nameof(LaneAccess.Select), ElementTypes.Lane(ElementType.Bool), lane, lane));
                return;
            case LaneOperation.Cast:
                il.Emit(OpCodes.Call, typeof(LaneCasts).GetMethod($"To{Arithmetic(instruction.Type)}", [registers[instruction.Arguments[0]].LocalType])!);
                break;
        }

        if (instruction.Type == ElementType.BFloat16) il.Emit(OpCodes.Call, typeof(LaneCasts).GetMethod(nameof(LaneCasts.RoundToBFloat16))!);
    }

    private void EmitLoad(ILGenerator il, int input, LocalBuilder index)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, inputs[input]);
        switch (program.Inputs[input].Access)
        {
            case InputAccess.Contiguous:
                il.Emit(OpCodes.Ldloc, index);
                break;
            case InputAccess.Single:
                il.Emit(OpCodes.Ldc_I8, 0L);
                break;
            case InputAccess.Strided:
                il.Emit(OpCodes.Ldarg_0);
                il.Emit(OpCodes.Ldfld, maps[input]!);
                il.Emit(OpCodes.Ldloc, index);
                il.Emit(OpCodes.Call, typeof(LaneAccess).GetMethod(nameof(LaneAccess.Place))!);
                break;
        }

        il.Emit(OpCodes.Call, Access(nameof(LaneAccess.Load), inputs[input].FieldType, typeof(long)));
    }

    private static void EmitConstant(ILGenerator il, LaneInstruction instruction)
    {
        var type = Arithmetic(instruction.Type);
        switch (type)
        {
            case ElementType.Int64:
                il.Emit(OpCodes.Ldc_I8, instruction.Number);
                break;
            case ElementType.Float32:
                il.Emit(OpCodes.Ldc_R4, (float)BitConverter.Int64BitsToDouble(instruction.Number));
                break;
            case ElementType.Float64:
                il.Emit(OpCodes.Ldc_R8, BitConverter.Int64BitsToDouble(instruction.Number));
                break;
            default:
                il.Emit(OpCodes.Ldc_I4, (int)instruction.Number);
                break;
        }

        il.Emit(OpCodes.Call, Access(nameof(LaneAccess.Of), ElementTypes.Memory(type)));
    }

    // static void Launch(Action<AcceleratorStream, KernelConfig, Arguments> kernel, AcceleratorStream stream, KernelConfig grid, long count,
    //     ReadOnlySpan<ArrayView<byte>> inputs, ReadOnlySpan<IndexMap> maps, ReadOnlySpan<ArrayView<byte>> outputs, ReadOnlySpan<long> numbers)
    private void EmitLaunch(TypeBuilder type)
    {
        var kernel = typeof(Action<,,>).MakeGenericType(typeof(AcceleratorStream), typeof(KernelConfig), arguments);
        var views = typeof(ReadOnlySpan<ArrayView<byte>>);
        var method = type.DefineMethod(
            "Launch", MethodAttributes.Public | MethodAttributes.Static, typeof(void),
            [kernel, typeof(AcceleratorStream), typeof(KernelConfig), typeof(long), views, typeof(ReadOnlySpan<IndexMap>), views, typeof(ReadOnlySpan<long>)]);
        var il = method.GetILGenerator();
        var x = il.DeclareLocal(arguments);
        il.Emit(OpCodes.Ldloca, x);
        il.Emit(OpCodes.Initobj, arguments);
        for (var i = 0; i < inputs.Length; i++) EmitView(il, x, inputs[i], source: 4, i);
        for (var i = 0; i < outputs.Length; i++) EmitView(il, x, outputs[i], source: 6, i);
        for (var i = 0; i < numbers.Length; i++)
        {
            il.Emit(OpCodes.Ldloca, x);
            il.Emit(OpCodes.Ldarga, (short)7);
            il.Emit(OpCodes.Ldc_I4, i);
            il.Emit(OpCodes.Call, typeof(ReadOnlySpan<long>).GetMethod("get_Item")!);
            il.Emit(OpCodes.Ldind_I8);
            il.Emit(OpCodes.Stfld, numbers[i]);
        }

        var strided = 0;
        foreach (var map in maps)
        {
            if (map is null) continue;
            il.Emit(OpCodes.Ldloca, x);
            il.Emit(OpCodes.Ldarga, (short)5);
            il.Emit(OpCodes.Ldc_I4, strided++);
            il.Emit(OpCodes.Call, typeof(ReadOnlySpan<IndexMap>).GetMethod("get_Item")!);
            il.Emit(OpCodes.Ldobj, typeof(IndexMap));
            il.Emit(OpCodes.Stfld, map);
        }

        il.Emit(OpCodes.Ldloca, x);
        il.Emit(OpCodes.Ldarg_3);
        il.Emit(OpCodes.Stfld, count);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldloc, x);
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

    // bfloat16 registers are float32 that is rounded.
    private static ElementType Arithmetic(ElementType type) => type == ElementType.BFloat16 ? ElementType.Float32 : type;

    private static MethodInfo Access(string name, params Type[] parameters) => typeof(LaneAccess).GetMethod(name, parameters)!;
}
