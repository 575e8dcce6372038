namespace FuncChat.Tests.Support;

/// <summary>A theory that takes minutes: it runs where `FUNCCHAT_NIGHTLY` is `1`.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NightlyTheoryAttribute : TheoryAttribute
{
    public NightlyTheoryAttribute()
    {
        if (!NightlyFactAttribute.IsNight)
            Skip = NightlyFactAttribute.Reason;
    }
}
