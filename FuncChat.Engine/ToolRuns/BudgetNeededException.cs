using FuncChat.Engine.Usage;

namespace FuncChat.Engine.ToolRuns;

/// <summary>Ends a run whose next model call a budget has no room for, until an administrator has raised the budget. Not a <see cref="Tools.ToolException"/>, which tools catch.</summary>
internal sealed class BudgetNeededException(BudgetNeed need) : Exception("A budget has no room for a model call of the tool.")
{
    public BudgetNeed Need => need;
}
