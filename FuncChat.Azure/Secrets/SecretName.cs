namespace FuncChat.Azure.Secrets;

internal static class SecretName
{
    /// <summary>
    /// The setting that a secret is for. A vault's names have letters, digits and hyphens alone: `--` stands for the `__` in a setting's name,
    /// and in a name without it `-` stands for `_`. So `OPENAI-API-KEY` is `OPENAI_API_KEY`, and `FuncChat--Providers--my-llm--ApiKey` is
    /// `FuncChat__Providers__my-llm__ApiKey`.
    /// </summary>
    public static string SettingOf(string secret) => secret.Contains("--", StringComparison.Ordinal)
        ? secret.Replace("--", ":", StringComparison.Ordinal)
        : secret.Replace('-', '_');
}
