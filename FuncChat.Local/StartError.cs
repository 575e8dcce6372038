using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Options;

namespace FuncChat.Local;

/// <summary>What keeps the server from starting, as one line for its operator.</summary>
internal static class StartError
{
    /// <param name="key">The setting, option or file that is wrong.</param>
    public static OptionsValidationException Of(string key, string problem, string? example = null) => new(key, typeof(StartError), [SettingMessage.Of(key, problem, example)]);
}
