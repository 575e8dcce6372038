using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;

namespace FuncChat.Tools.Dice;

/// <summary>The tool `roll_dice`.</summary>
internal static class RollDiceTool
{
    public static Tool AsTool() => Tool.FromMethod(Roll, "roll_dice", "Rolls dice with six sides, and returns what each one shows.", readOnly: true);

    private static int[] Roll([Description("How many dice."), Range(1, 20)] int count, IToolRun run)
    {
        run.Report($"Rolling {count} dice");
        return [.. Enumerable.Range(0, count).Select(_ => RandomNumberGenerator.GetInt32(1, 7))];
    }
}
