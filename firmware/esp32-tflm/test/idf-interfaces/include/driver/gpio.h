// What the firmware uses of ESP-IDF 5.3, declared anew: names, signatures and the fields that are used.
#pragma once

#include "esp_err.h"

typedef enum {
  GPIO_NUM_NC = -1,
  GPIO_NUM_0,
  GPIO_NUM_1,
  GPIO_NUM_2,
  GPIO_NUM_3,
  GPIO_NUM_4,
  GPIO_NUM_5,
  GPIO_NUM_6,
  GPIO_NUM_7,
  GPIO_NUM_8,
  GPIO_NUM_9,
  GPIO_NUM_10,
  GPIO_NUM_11,
  GPIO_NUM_12,
  GPIO_NUM_13,
  GPIO_NUM_14,
  GPIO_NUM_15,
  GPIO_NUM_16,
  GPIO_NUM_17,
  GPIO_NUM_18,
  GPIO_NUM_19,
  GPIO_NUM_20,
  GPIO_NUM_21,
  GPIO_NUM_22,
  GPIO_NUM_23,
  GPIO_NUM_24,
  GPIO_NUM_25,
  GPIO_NUM_26,
  GPIO_NUM_27,
  GPIO_NUM_28,
  GPIO_NUM_29,
  GPIO_NUM_30,
  GPIO_NUM_31,
  GPIO_NUM_32,
  GPIO_NUM_33,
  GPIO_NUM_34,
  GPIO_NUM_35,
  GPIO_NUM_36,
  GPIO_NUM_37,
  GPIO_NUM_38,
  GPIO_NUM_39,
  GPIO_NUM_40,
  GPIO_NUM_41,
  GPIO_NUM_42,
  GPIO_NUM_43,
  GPIO_NUM_44,
  GPIO_NUM_45,
  GPIO_NUM_46,
  GPIO_NUM_47,
  GPIO_NUM_48,
  GPIO_NUM_MAX
} gpio_num_t;
typedef enum { GPIO_INTR_DISABLE = 0, GPIO_INTR_POSEDGE = 1, GPIO_INTR_NEGEDGE = 2 } gpio_int_type_t;
typedef enum { GPIO_MODE_DISABLE = 0, GPIO_MODE_INPUT = 1, GPIO_MODE_OUTPUT = 2 } gpio_mode_t;
typedef enum { GPIO_PULLUP_DISABLE = 0, GPIO_PULLUP_ENABLE = 1 } gpio_pullup_t;
typedef enum { GPIO_PULLDOWN_DISABLE = 0, GPIO_PULLDOWN_ENABLE = 1 } gpio_pulldown_t;
typedef struct {
  uint64_t pin_bit_mask;
  gpio_mode_t mode;
  gpio_pullup_t pull_up_en;
  gpio_pulldown_t pull_down_en;
  gpio_int_type_t intr_type;
} gpio_config_t;
typedef void (*gpio_isr_t)(void* arg);
#define GPIO_IS_VALID_GPIO(gpio_num) ((gpio_num) >= 0 && (gpio_num) < GPIO_NUM_MAX)
#define GPIO_IS_VALID_OUTPUT_GPIO(gpio_num) GPIO_IS_VALID_GPIO(gpio_num)
extern "C" esp_err_t gpio_config(const gpio_config_t* pGPIOConfig);
extern "C" esp_err_t gpio_set_level(gpio_num_t gpio_num, uint32_t level);
extern "C" esp_err_t gpio_intr_disable(gpio_num_t gpio_num);
extern "C" esp_err_t gpio_install_isr_service(int intr_alloc_flags);
extern "C" esp_err_t gpio_isr_handler_add(gpio_num_t gpio_num, gpio_isr_t isr_handler, void* args);
extern "C" esp_err_t gpio_isr_handler_remove(gpio_num_t gpio_num);
