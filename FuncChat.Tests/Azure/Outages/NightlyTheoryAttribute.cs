namespace FuncChat.Tests.Azure.Outages;

/// <summary>A theory that takes minutes: it runs where `FUNCCHAT_NIGHTLY` is `1`.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NightlyTheoryAttribute : TheoryAttribute
{
    public NightlyTheoryAttribute()
    {
        if (Environment.GetEnvironmentVariable("FUNCCHAT_NIGHTLY") != "1")
            Skip = "Takes minutes. Set FUNCCHAT_NIGHTLY=1 to run it.";
    }
}
