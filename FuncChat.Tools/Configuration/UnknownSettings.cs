using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace FuncChat.Tools.Configuration;

/// <summary>Settings below `FuncChat` that nothing reads. A misspelled limit is no limit, so there must be none.</summary>
internal sealed class UnknownSettings
{
    internal sealed class Validator(IConfiguration configuration, IEnumerable<KnownSettings> registered) : IValidateOptions<UnknownSettings>
    {
        private const string Root = "FuncChat";

        public ValidateOptionsResult Validate(string? name, UnknownSettings options)
        {
            var set = LeavesOf(configuration.GetSection(Root)).ToList();
            if (set.Count == 0)
                return ValidateOptionsResult.Success;
            var known = registered.SelectMany(settings => settings.Names).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
            var problems = set.Where(key => !known.Exists(pattern => KnownSettings.Matches(pattern, SettingMessage.NameOf(key)))).Select(key => ProblemOf(key, known)).ToList();
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }

        private static string ProblemOf(string key, List<string> known)
        {
            var name = SettingMessage.NameOf(key);
            return SettingMessage.Of(key, $"is not a setting.{EditDistance.Question(name, known)} All settings are in docs/configuration.md");
        }

        private static IEnumerable<string> LeavesOf(IConfigurationSection section)
        {
            if (!string.IsNullOrWhiteSpace(section.Value))
                yield return section.Path;
            foreach (var leaf in section.GetChildren().SelectMany(LeavesOf))
                yield return leaf;
        }
    }
}
