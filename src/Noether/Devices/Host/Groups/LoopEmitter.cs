using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using Noether.Graphs;
using Noether.Kernels.Lanes;

namespace Noether.Devices.Host;

/// <summary>Writes a fused group as one loop in IL: load, call the forms in turn over locals, store.</summary>
/// <remarks>
/// A step covers as many elements as one register of the group's narrowest number type holds; wider types take two registers a step, and
/// truth values travel as masks as wide as the numbers they were asked of, so that compare and select cost one instruction each.
/// Registers are locals of lane structs, which RyuJIT keeps in machine registers; uniform inputs and constants are loaded before the loop.
/// Limit: RyuJIT stops inlining after some 550 calls a method. Forms are charged by weight, and when the budget is spent further heavy ones
/// are called instead: one call for a register of elements.
/// A dynamic method is compiled with full optimisation at its first call, some 1 ms.
/// </remarks>
internal sealed partial class LoopEmitter
{
    private const int InlineBudget = 320;
    private const int HeavyWeight = 50;

    private readonly ElementwiseGroup group;
    private readonly ulong uniform;
    private readonly bool streams;
    private readonly int width;
    private readonly int step;
    private readonly DynamicMethod method;
    private readonly ILGenerator il;
    private readonly LocalBuilder[] pointers; // of inputs, then outputs
    private readonly LocalBuilder index;
    private readonly LocalBuilder[]?[] parts; // of number registers
    private readonly Dictionary<(int Register, int Width), LocalBuilder[]> masks = [];
    private int spent;

    private LoopEmitter(ElementwiseGroup group, ulong uniform, bool streams, int width)
    {
        this.group = group;
        this.uniform = uniform;
        this.streams = streams;
        this.width = width;
        step = StepOf(group, width);
        method = new("FusedLoop", typeof(void), [typeof(byte**), typeof(byte**), typeof(byte*), typeof(long)], typeof(LoopEmitter).Module, skipVisibility: true);
        il = method.GetILGenerator();
        index = il.DeclareLocal(typeof(long));
        pointers = new LocalBuilder[group.Inputs.Length + group.Outputs.Length];
        parts = new LocalBuilder[group.Inputs.Length + group.Instructions.Length][];
    }

    /// <summary>Bytes of the widest registers that this machine computes in.</summary>
    public static int WidestRegister { get; } = Vector512.IsHardwareAccelerated ? 64 : Vector256.IsHardwareAccelerated ? 32 : 16;

    /// <summary>The loop of a group.</summary>
    /// <param name="group">What it computes.</param>
    /// <param name="uniform">A bit for each input that has the same element everywhere.</param>
    /// <param name="streams">Stores go past the caches; outputs are aligned to 64 bytes.</param>
    /// <param name="width">Bytes of a register: 16, 32 or 64.</param>
    public static FusedLoop Emit(ElementwiseGroup group, ulong uniform, bool streams, int width)
    {
        var emitter = new LoopEmitter(group, uniform, streams, width);
        emitter.Emit();
        return emitter.method.CreateDelegate<FusedLoop>();
    }

    /// <summary>Elements of one step.</summary>
    public static int StepOf(ElementwiseGroup group, int width)
    {
        var narrowest = 8;
        var numbers = false;
        for (var i = 0; i < group.Inputs.Length + group.Instructions.Length; i++)
        {
            var type = group.TypeOf(i);
            if (type == DType.Bool) continue;
            numbers = true;
            narrowest = Math.Min(narrowest, LaneBytes(type));
        }

        return numbers ? width / narrowest : width;
    }

    // Bytes of a lane; bfloat16 is computed in float32.
    private static int LaneBytes(DType type) => type == DType.Bool ? 1 : type is DType.Int64 or DType.Float64 ? 8 : 4;

    private void Emit()
    {
        for (var i = 0; i < pointers.Length; i++)
        {
            pointers[i] = il.DeclareLocal(typeof(byte*));
            var isInput = i < group.Inputs.Length;
            il.Emit(isInput ? OpCodes.Ldarg_0 : OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldc_I4, (isInput ? i : i - group.Inputs.Length) * IntPtr.Size);
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Ldind_I);
            il.Emit(OpCodes.Stloc, pointers[i]);
        }

        for (var i = 0; i < group.Inputs.Length; i++)
        {
            if (IsUniform(i) && group.Inputs[i] != DType.Bool) LoadNumbers(i, () => il.Emit(OpCodes.Ldloc, pointers[i]));
        }

        var constants = new Dictionary<int, int>();
        for (var i = 0; i < group.Instructions.Length; i++)
        {
            if (group.Instructions[i].Operation is not Primitives.Constant) continue;
            var (register, slot) = (group.Inputs.Length + i, constants.Count * 64);
            constants[register] = slot;
            if (group.Instructions[i].Type == DType.Bool) LoadMasks(register, DefaultMask, () => Constant(slot), 0);
            else LoadNumbers(register, () => Constant(slot));
        }

        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Stloc, index);
        Label test = il.DefineLabel(), body = il.DefineLabel();
        il.Emit(OpCodes.Br, test);
        il.MarkLabel(body);
        for (var i = 0; i < group.Inputs.Length; i++)
        {
            if (IsUniform(i) || group.Inputs[i] == DType.Bool) continue;
            LoadNumbers(i, () => Element(pointers[i], group.Inputs[i]));
        }

        for (var i = 0; i < group.Instructions.Length; i++)
        {
            if (!constants.ContainsKey(group.Inputs.Length + i)) Instruction(group.Inputs.Length + i, group.Instructions[i]);
        }

        // A mask still to be loaded must be, before the first store: the output may be the same memory.
        foreach (var output in group.Outputs)
        {
            if (group.TypeOf(output) == DType.Bool) Masks(output, AnyMask(output));
        }

        for (var o = 0; o < group.Outputs.Length; o++) Store(o);
        il.Emit(OpCodes.Ldloc, index);
        il.Emit(OpCodes.Ldc_I4, step);
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, index);
        il.MarkLabel(test);
        il.Emit(OpCodes.Ldloc, index);
        il.Emit(OpCodes.Ldarg_3);
        il.Emit(OpCodes.Blt, body);
        il.Emit(OpCodes.Ret);
    }

    private bool IsUniform(int input) => (uniform >> input & 1) != 0;

    private int Parts(int laneBytes) => step * laneBytes / width;

    // The masks' width where nothing asks for another: that of the narrowest numbers.
    private int DefaultMask => width / step;

    private void Instruction(int register, Instruction instruction)
    {
        var arguments = instruction.Arguments;
        var (kind, form, _) = instruction.Operation.Accept(FormOf.Visitor);
        var ofTruth = arguments.Length > 0 && group.TypeOf(arguments[0]) == DType.Bool;
        if (kind == FormKind.Cast) Cast(register, arguments[0], group.TypeOf(arguments[0]), instruction.Type);
        else if (kind == FormKind.Select && instruction.Type != DType.Bool) Select(register, instruction);
        else if (kind == FormKind.Ask && ofTruth) AskTruth(register, form!, arguments);
        else if (kind == FormKind.Ask) Ask(register, form!, arguments);
        else if (instruction.Type == DType.Bool) MapTruth(register, form, arguments);
        else Map(register, form!, instruction);
    }

    private void Map(int register, Type form, Instruction instruction)
    {
        var call = FormCall(form, Lanes(instruction.Type), instruction.Arguments.Length);
        var result = parts[register] = Locals(Lanes(instruction.Type), Parts(LaneBytes(instruction.Type)));
        Call(() => il.Emit(OpCodes.Call, call), result, [.. instruction.Arguments.Select(a => parts[a]!)]);
    }

    // And, or, exclusive or, select: of masks as of bytes.
    private void MapTruth(int register, Type? form, int[] arguments)
    {
        var at = AnyMask(arguments[0]);
        var lanes = MaskLanes(at);
        var call = form is null ? LaneMethod(lanes, "Select") : FormCall(form, lanes, arguments.Length);
        LocalBuilder[][] x = [.. arguments.Select(a => Masks(a, at))];
        Call(() => il.Emit(OpCodes.Call, call), masks[(register, at)] = Locals(lanes, Parts(at)), x);
    }

    private void Select(int register, Instruction instruction)
    {
        var lanes = Lanes(instruction.Type);
        var mask = Masks(instruction.Arguments[0], LaneBytes(instruction.Type));
        LocalBuilder[] x = parts[instruction.Arguments[1]]!, y = parts[instruction.Arguments[2]]!, result = parts[register] = Locals(lanes, x.Length);
        for (var p = 0; p < x.Length; p++)
        {
            il.Emit(OpCodes.Ldloc, mask[p]);
            MaskToLanes(instruction.Type);
            il.Emit(OpCodes.Ldloc, x[p]);
            il.Emit(OpCodes.Ldloc, y[p]);
            il.Emit(OpCodes.Call, LaneMethod(lanes, "Select"));
            il.Emit(OpCodes.Stloc, result[p]);
        }
    }

    private void Ask(int register, Type form, int[] arguments)
    {
        var type = group.TypeOf(arguments[0]);
        var at = LaneBytes(type);
        var call = FormCall(form, Lanes(type), arguments.Length);
        Action ask = () =>
        {
            il.Emit(OpCodes.Call, call);
            LanesToMask(type);
        };
        Call(ask, masks[(register, at)] = Locals(MaskLanes(at), Parts(at)), [.. arguments.Select(a => parts[a]!)]);
    }

    // Of truth values as numbers: -mask is 1 or 0, except for bytes, where 255 > 0 compares as well.
    private void AskTruth(int register, Type form, int[] arguments)
    {
        var at = AnyMask(arguments[0]);
        var lanes = MaskLanes(at);
        LocalBuilder[] x = Masks(arguments[0], at), y = Masks(arguments[1], at), result = masks[(register, at)] = Locals(lanes, x.Length);
        for (var p = 0; p < x.Length; p++)
        {
            il.Emit(OpCodes.Ldloc, x[p]);
            if (at > 1) il.Emit(OpCodes.Call, LaneMethod(lanes, "op_UnaryNegation"));
            il.Emit(OpCodes.Ldloc, y[p]);
            if (at > 1) il.Emit(OpCodes.Call, LaneMethod(lanes, "op_UnaryNegation"));
            il.Emit(OpCodes.Call, FormCall(form, lanes, arguments.Length));
            il.Emit(OpCodes.Stloc, result[p]);
        }
    }

    private void LanesToMask(DType type)
    {
        if (type is DType.Float32 or DType.BFloat16) Convert("MaskOfSingle");
        if (type == DType.Float64) Convert("MaskOfDouble");
    }

    private void MaskToLanes(DType type)
    {
        if (type is DType.Float32 or DType.BFloat16) Convert("SingleMask");
        if (type == DType.Float64) Convert("DoubleMask");
    }

    private void Call(Action call, LocalBuilder[] result, LocalBuilder[][] arguments)
    {
        for (var p = 0; p < result.Length; p++)
        {
            foreach (var argument in arguments) il.Emit(OpCodes.Ldloc, argument[p]);
            call();
            il.Emit(OpCodes.Stloc, result[p]);
        }
    }

    private MethodInfo FormCall(Type form, Type lanes, int arity)
    {
        var weight = FormWeight.IsHeavy(form) ? HeavyWeight : 3;
        var copies = step * System.Runtime.InteropServices.Marshal.SizeOf(lanes.GetGenericArguments()[0]) / width;
        if (weight == HeavyWeight && spent + weight * copies > InlineBudget)
            return typeof(ApartForms).GetMethod(arity == 1 ? nameof(ApartForms.Unary) : nameof(ApartForms.Binary))!.MakeGenericMethod(form, lanes);
        spent += weight * copies;
        return form.GetMethod("Invoke")!.MakeGenericMethod(lanes);
    }

    private void Store(int output)
    {
        var register = group.Outputs[output];
        var type = group.TypeOf(register);
        var pointer = pointers[group.Inputs.Length + output];
        var at = type == DType.Bool ? AnyMask(register) : LaneBytes(type);
        var lanes = type == DType.Bool ? MaskLanes(at) : Lanes(type);
        var values = type == DType.Bool ? Masks(register, at) : parts[register]!;
        for (var p = 0; p < values.Length; p++)
        {
            il.Emit(OpCodes.Ldloc, values[p]);
            Element(pointer, type);
            Offset(p * (width / at) * type.Bytes());
            if (type == DType.BFloat16) Convert("StoreBFloat16");
            else if (type == DType.Bool) il.Emit(OpCodes.Call, LaneMethod(lanes, "StoreMask"));
            else if (streams) il.Emit(OpCodes.Call, Conversions.GetMethod(type.IsFloating() ? "StreamFloats" : "StreamIntegers")!.MakeGenericMethod(lanes.GetGenericArguments()));
            else il.Emit(OpCodes.Call, LaneMethod(lanes, "Store"));
        }
    }

    // Pushes the address of the step's first element.
    private void Element(LocalBuilder pointer, DType type)
    {
        il.Emit(OpCodes.Ldloc, pointer);
        il.Emit(OpCodes.Ldloc, index);
        il.Emit(OpCodes.Conv_I);
        if (type.Bytes() > 1)
        {
            il.Emit(OpCodes.Ldc_I4, type.Bytes());
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Mul);
        }

        il.Emit(OpCodes.Add);
    }

    private void Constant(int slot)
    {
        il.Emit(OpCodes.Ldarg_2);
        Offset(slot);
    }

    private void Offset(int bytes)
    {
        if (bytes == 0) return;
        il.Emit(OpCodes.Ldc_I4, bytes);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Add);
    }

    // Uniform registers and constants have one vector in memory, which fills all parts.
    private void LoadNumbers(int register, Action address)
    {
        var type = group.TypeOf(register);
        var repeats = register >= group.Inputs.Length || IsUniform(register);
        var result = parts[register] = Locals(Lanes(type), Parts(LaneBytes(type)));
        for (var p = 0; p < result.Length; p++)
        {
            address();
            if (!repeats) Offset(p * (width / LaneBytes(type)) * type.Bytes());
            if (type == DType.BFloat16) Convert("LoadBFloat16");
            else il.Emit(OpCodes.Call, LaneMethod(Lanes(type), "Load"));
            il.Emit(OpCodes.Stloc, result[p]);
        }
    }

    private LocalBuilder[] LoadMasks(int register, int at, Action address, int advance)
    {
        var result = masks[(register, at)] = Locals(MaskLanes(at), Parts(at));
        for (var p = 0; p < result.Length; p++)
        {
            address();
            Offset(p * advance);
            il.Emit(OpCodes.Call, LaneMethod(MaskLanes(at), "LoadMask"));
            il.Emit(OpCodes.Stloc, result[p]);
        }

        return result;
    }

    /// <summary>A width in which a truth register has its mask already, or may have it best.</summary>
    private int AnyMask(int register)
    {
        foreach (var at in (ReadOnlySpan<int>)[DefaultMask, 4, 8])
        {
            if (masks.ContainsKey((register, at))) return at;
        }

        return DefaultMask;
    }

    /// <summary>A truth register as masks of lanes of <paramref name="at"/> bytes.</summary>
    private LocalBuilder[] Masks(int register, int at)
    {
        if (masks.TryGetValue((register, at), out var known)) return known;
        if (register < group.Inputs.Length)
        {
            return IsUniform(register)
                ? LoadMasks(register, at, () => il.Emit(OpCodes.Ldloc, pointers[register]), 0)
                : LoadMasks(register, at, () => Element(pointers[register], DType.Bool), width / at);
        }

        // Through bytes in memory.
        var from = AnyMask(register);
        var bytes = il.DeclareLocal(typeof(Vector512<byte>));
        var have = masks[(register, from)];
        for (var p = 0; p < have.Length; p++)
        {
            il.Emit(OpCodes.Ldloc, have[p]);
            il.Emit(OpCodes.Ldloca, bytes);
            Offset(p * (width / from));
            il.Emit(OpCodes.Call, LaneMethod(MaskLanes(from), "StoreMask"));
        }

        return LoadMasks(register, at, () => il.Emit(OpCodes.Ldloca, bytes), width / at);
    }

    private LocalBuilder[] Locals(Type type, int count)
    {
        var result = new LocalBuilder[count];
        for (var i = 0; i < count; i++) result[i] = il.DeclareLocal(type);
        return result;
    }

    private Type Lanes(DType type) => type switch
    {
        DType.Int32 => Integers.MakeGenericType(typeof(int)),
        DType.Int64 => Integers.MakeGenericType(typeof(long)),
        DType.Float64 => Floats.MakeGenericType(typeof(double)),
        _ => Floats.MakeGenericType(typeof(float)),
    };

    private Type MaskLanes(int bytes) => Integers.MakeGenericType(bytes switch { 1 => typeof(byte), 4 => typeof(int), _ => typeof(long) });

    private Type Floats => width switch { 64 => typeof(FloatLanes512<>), 32 => typeof(FloatLanes256<>), _ => typeof(FloatLanes128<>) };

    private Type Integers => width switch { 64 => typeof(IntegerLanes512<>), 32 => typeof(IntegerLanes256<>), _ => typeof(IntegerLanes128<>) };

    private Type Conversions => width switch { 64 => typeof(LaneConversions512), 32 => typeof(LaneConversions256), _ => typeof(LaneConversions128) };

    private void Convert(string name) => il.Emit(OpCodes.Call, Conversions.GetMethod(name)!);

    private static MethodInfo LaneMethod(Type lanes, string name) => lanes.GetMethod(name)!;
}
