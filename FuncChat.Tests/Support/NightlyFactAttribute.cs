namespace FuncChat.Tests.Support;

/// <summary>A test that takes minutes: it runs where `FUNCCHAT_NIGHTLY` is `1`.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NightlyFactAttribute : FactAttribute
{
    public const string Reason = "Takes minutes. Set FUNCCHAT_NIGHTLY=1 to run it.";

    public NightlyFactAttribute()
    {
        if (!IsNight)
            Skip = Reason;
    }

    public static bool IsNight => Environment.GetEnvironmentVariable("FUNCCHAT_NIGHTLY") == "1";
}
